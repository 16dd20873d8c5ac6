using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A process of its own that asks, answers and takes back without a pause until it is killed. It is this test program, told by its environment to
/// do that instead of running tests. What it does follows from the seed and the number of the change alone.
/// </summary>
static class CrashingReviewer
{
    public const string FolderVariable = "EDGESHELF_REVIEW_CHILD";
    public const string FromVariable = "EDGESHELF_REVIEW_FROM";

    const int Seed = 18;
    static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

#pragma warning disable CA2255 // This is a program and not a library: what runs before its Main is what this needs.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        int number = int.Parse(Environment.GetEnvironmentVariable(FromVariable)!, CultureInfo.InvariantCulture);
        FakeTimeProvider clock = new(Start);
        using ReviewQueue queue = Open(folder, clock);
        while (true)
        {
            Step(queue, clock, number++);
            // Only what was confirmed is told: the number of changes so far.
            Console.Out.WriteLine(number);
            Console.Out.Flush();
        }
    }

    public static ReviewQueue Open(string folder, FakeTimeProvider clock)
    {
        ReviewQueue queue = new(folder, new TeachingOptions { MaxReviews = 30, MaxReviewBytes = 1 << 20 }, clock, NullLogger<ReviewQueue>.Instance);
        queue.Open();
        return queue;
    }

    /// <summary>Makes the change of this number.</summary>
    public static void Step(ReviewQueue queue, FakeTimeProvider clock, int number)
    {
        Random random = new((Seed * 100_003) + number);
        clock.SetUtcNow(Start.AddMinutes(number));
        ReviewState now = queue.Now;
        int dice = random.Next(10);
        if (dice < 2 && now.Waiting.Count > 0)
        {
            long? step = random.Next(2) == 0 ? number : null;
            queue.Answer([.. now.Waiting.Take(random.Next(1, 4)).Select(entry => new ReviewAnswer(entry.Id, ReviewAnswers.Confirm, "jam", random.Next(2) == 0))], step);
        }
        else if (dice == 2)
            queue.Follow(EdgeShelf.Teaching.Store.ExampleState.None with { Steps = [new(number - 3, Start, "add", "A step.")] }, []);
        else
        {
            queue.Add([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            {
                byte[] crop = new byte[random.Next(1000, 40_000)];
                random.NextBytes(crop);
                return (new ReviewCandidate(
                    $"shelf-07-{number}", $"1-{random.Next(6):00}", new Region(0, 0, 1, 1), clock.GetUtcNow(), ReviewReasons.UnknownProduct, null, null, "jam",
                    ExamplesInFolder.Model, ExamplesInFolder.Descriptor(random.Next()).ToValues()), crop);
            })]);
        }
    }
}
