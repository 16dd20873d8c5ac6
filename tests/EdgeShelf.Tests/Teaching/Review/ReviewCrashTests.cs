using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Teaching.Review;

/// <summary>The process is killed with signal 9 at seeded moments of asking, answering and taking back. `EDGESHELF_REVIEW_KILLS` sets the number of moments.</summary>
public sealed class ReviewCrashTests
{
    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("EDGESHELF_REVIEW_KILLS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task WhatWasConfirmedIsKeptAndNothingHalfIsSeen()
    {
        using TemporaryFolder killed = new();
        using TemporaryFolder whole = new();
        FakeTimeProvider clock = new();
        using ReviewQueue reference = CrashingReviewer.Open(whole.Path, clock);
        Random random = new(18);
        int done = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            int confirmed = await RunUntilKilledAsync(killed.Path, done, TimeSpan.FromMilliseconds(random.Next(1, 150)));
            using (ReviewQueue after = CrashingReviewer.Open(killed.Path, new FakeTimeProvider()))
                Assert.Empty(Directory.GetFiles(killed.Path, "review-damaged-*"));
            IReadOnlyList<string> rows = ReviewInFolder.RowsOf(killed.Path);

            while (done < confirmed)
                CrashingReviewer.Step(reference, clock, done++);
            // The change after the last confirmed one may be on disk whole, and its word was cut off.
            if (!rows.SequenceEqual(ReviewInFolder.RowsOf(whole.Path)))
                CrashingReviewer.Step(reference, clock, done++);
            Assert.Equal(ReviewInFolder.RowsOf(whole.Path), rows);
        }
        Assert.True(done >= Kills, $"only {done} changes were made");
        TestContext.Current.SendDiagnosticMessage("{0} kills during {1} changes", Kills, done);
    }

    /// <returns>The number of changes that the process confirmed, with those before it.</returns>
    static async Task<int> RunUntilKilledAsync(string folder, int from, TimeSpan after)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "EdgeShelf.Tests"));
        start.Environment[CrashingReviewer.FolderVariable] = folder;
        start.Environment[CrashingReviewer.FromVariable] = from.ToString(CultureInfo.InvariantCulture);
        string said = await KilledProcess.RunAsync(start, text => text.Contains('\n', StringComparison.Ordinal), after);
        // A line without its end was not said to the end.
        return int.Parse(said.Split('\n')[^2], CultureInfo.InvariantCulture);
    }
}
