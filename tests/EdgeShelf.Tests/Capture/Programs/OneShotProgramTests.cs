using EdgeShelf.Capture;
using EdgeShelf.Capture.Programs;
using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Programs;

public sealed class OneShotProgramTests
{
    /// <summary>A program in the kernel's hands got a second, a third, a ninth beside it, one a picture.</summary>
    [Fact]
    public async Task WhileAProgramCannotBeEndedNoSecondOneIsStarted()
    {
        using TemporaryFolder folder = new();
        // The kernel ends nobody while this is set: to the program under test that is what state D looks like.
        bool isHeld = true;
        OneShotProgram program = new(TimeProvider.System, (pid, signal) => isHeld ? 0 : Posix.Kill(pid, signal));
        string[] arguments = ["-c", $"echo $$ >> {folder.File("pids")}; exec sleep 300"];
        using (CancellationTokenSource soon = new(TimeSpan.FromSeconds(1), TimeProvider.System))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => program.RunAsync("sh", arguments, soon.Token));

        for (int picture = 0; picture < 3; picture++)
        {
            CaptureException stuck = await Assert.ThrowsAsync<CaptureException>(() => program.RunAsync("sh", arguments, TestContext.Current.CancellationToken));
            Assert.Equal("camera-stuck", stuck.Code);
        }
        string pid = Assert.Single(File.ReadAllLines(folder.File("pids")));

        isHeld = false;
        Posix.Kill(int.Parse(pid, null), Posix.SigKill);
        await Wait.UntilAsync(() => !Directory.Exists($"/proc/{pid}"));
        Assert.Equal("picture", System.Text.Encoding.ASCII.GetString(await program.RunAsync("sh", ["-c", "printf picture"], TestContext.Current.CancellationToken)));
    }
}
