using System.Diagnostics;
using System.Text;

namespace EdgeShelf.Tests.Support;

/// <summary>A process that is killed with signal 9 a time after it has begun its work.</summary>
static class KilledProcess
{
    /// <param name="start">How it is started. What it says on its standard output is read.</param>
    /// <param name="hasBegun">Whether what it has said so far shows that it has begun.</param>
    /// <param name="after">The time from then to the kill. The moment of the kill is what is tested, so it is a time and not a sign.</param>
    /// <returns>What it said until it was killed.</returns>
    public static async Task<string> RunAsync(ProcessStartInfo start, Func<string, bool> hasBegun, TimeSpan after)
    {
        start.RedirectStandardOutput = true;
        using Process child = Process.Start(start)!;
        StringBuilder said = new();
        char[] buffer = new char[1024];
        Task? kill = null;
        while (await child.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            said.Append(buffer, 0, read);
            kill ??= hasBegun(said.ToString()) ? KillAsync() : null;
        }
        Assert.True(kill is not null, $"it ended by itself: {said}");
        await kill;
        return said.ToString();

        async Task KillAsync()
        {
            await Task.Delay(after, TimeProvider.System, TestContext.Current.CancellationToken);
            child.Kill();
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
