using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Teaching;

/// <summary>
/// The process is killed with signal 9 at seeded moments of teaching, renaming, removing and taking back. `EDGESHELF_TEACHING_KILLS` sets the
/// number of moments.
/// </summary>
public sealed class TeachingCrashTests
{
    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("EDGESHELF_TEACHING_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task WhatWasConfirmedIsKeptAndNothingHalfIsSeen()
    {
        const int Seed = 18;
        using TemporaryFolder killed = new();
        using TemporaryFolder whole = new();
        FakeTimeProvider clock = new();
        using ExampleStore reference = CrashingChild.Open(whole.Path, clock);
        Random random = new(Seed);
        int changes = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            long confirmed = await RunUntilKilledAsync(killed.Path, Seed, TimeSpan.FromMilliseconds(random.Next(1, 120)));

            long version;
            using (ExampleStore after = CrashingChild.Open(killed.Path, new FakeTimeProvider()))
                version = after.Now.Version;
            Assert.True(version == confirmed || version == confirmed + 1, $"{confirmed} was confirmed before kill {kill}, and {version} is on disk");
            for (; reference.Now.Version < version; changes++)
                CrashingChild.Step(reference, clock, Seed);
            Assert.Equal(ExamplesInFolder.RowsOf(whole.Path), ExamplesInFolder.RowsOf(killed.Path));
            Assert.Empty(Directory.GetFiles(killed.Path, "examples-damaged-*"));
        }
        Assert.True(changes >= Kills, $"only {changes} changes were made");
        TestContext.Current.SendDiagnosticMessage("{0} kills during {1} changes", Kills, changes);
    }

    /// <returns>The last change that the process confirmed.</returns>
    static async Task<long> RunUntilKilledAsync(string folder, int seed, TimeSpan after)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "EdgeShelf.Tests"));
        start.Environment[CrashingChild.FolderVariable] = folder;
        start.Environment[CrashingChild.SeedVariable] = seed.ToString(CultureInfo.InvariantCulture);
        string said = await KilledProcess.RunAsync(start, text => text.Contains('\n', StringComparison.Ordinal), after);
        // A line without its end was not said to the end.
        return long.Parse(said.Split('\n')[^2], CultureInfo.InvariantCulture);
    }
}
