using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The real program with the settings that the package installs, on a machine without a camera and without a broker.</summary>
public sealed partial class FreshPackageTests
{
    [Fact]
    public async Task ItStartsWithoutAnErrorSaysWhatToConnectAndShowsACodeForThePage()
    {
        Assert.SkipWhen(Directory.GetFiles("/dev", "video*").Length > 0, "this machine has a camera");
        using TemporaryFolder state = new();
        using EdgeShelfProcess service = EdgeShelfProcess.Start(
            state.Path, "run", "--config", Path.Combine(Checkout.Root, "systemd", "edgeshelf.json"),
            "--set", "Web:Port=0", "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", $"Capture:Rpicam:ToolsFolder={state.Path}");

        await Wait.UntilAsync(() => service.Output.Contains("No camera is connected yet", StringComparison.Ordinal) && PairingLine().IsMatch(service.Output));
        int exitCode = service.Terminate();

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(" ERR ", service.Output + service.Errors, StringComparison.Ordinal);
        Assert.Single(service.Output.Split('\n'), line => line.Contains("No camera is connected yet", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"enter the code \d{3} \d{3} within 10 minutes")]
    private static partial Regex PairingLine();
}
