using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>Waits for something outside our control, such as another process, and not longer than it takes.</summary>
static class Wait
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static bool Until(Func<bool> condition, TimeSpan atMost)
    {
        long start = Stopwatch.GetTimestamp();
        using ManualResetEventSlim never = new();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > atMost)
                return false;
            never.Wait(Step);
        }
        return true;
    }

    /// <summary>Fails the test when it does not come true.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan atMost, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < atMost, $"Not within {atMost.TotalSeconds} s: {what}");
            await Task.Delay(Step, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
