using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EdgeShelf.Tests.Support;

/// <summary>Waits for what another process or thread brings about, and not longer than it takes.</summary>
static class Wait
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

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

    /// <returns>False when it did not come true in time.</returns>
    public static async Task<bool> TryUntilAsync(Func<bool> condition, TimeSpan atMost)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > atMost)
                return false;
            await Task.Delay(Step, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        return true;
    }

    /// <summary>Fails the test when it does not come true within 30 s.</summary>
    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") => UntilAsync(condition, Usual, what);

    /// <summary>Fails the test when it does not come true.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan atMost, string what) =>
        Assert.True(await TryUntilAsync(condition, atMost), $"Not within {atMost.TotalSeconds} s: {what}");
}
