using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class DemoCommandTests
{
    /// <summary>Somebody else often listens on 8080 on a developer's machine.</summary>
    [Fact]
    public void OneRoundShowsEachPictureAsABackendReceivesItAlsoWhereThePortIsTaken()
    {
        using TcpListener other = new(IPAddress.Loopback, 8080);
        TryStart(other);
        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("demo", "--once", "--interval", "00:00:00.2");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        string[] pictures = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.*").Select(file => Path.GetFileName(file)).Where(name => name != "NOTICE")];
        Assert.True(pictures.Length >= 6);
        Assert.All(pictures, picture => Assert.Contains(picture, output, StringComparison.Ordinal));
        Assert.StartsWith("The device's page is at http://127.0.0.1:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be served", output + errors, StringComparison.Ordinal);
        Assert.Contains("█", output, StringComparison.Ordinal);
        Assert.Matches(@"The bay: \d+ match, .*What is missing:", output);
        Assert.Matches(@"\n2-02 +empty +clear-tall-bags ", output);
        Assert.Matches(@"left: match → empty\. water-bottle is missing\.\n.*left: empty → match\.\n$", output);
        Assert.Contains("Beef-Tomato  ", output, StringComparison.Ordinal);
        Assert.Matches(@"royal-gala\.jpg  \[sure\]", output);
        Assert.Matches(@"kiwi\.jpg  \[needs review", output);
        Assert.DoesNotContain("\e[", output, StringComparison.Ordinal);
    }

    /// <summary>The first thing that a reader copies. MQTTnet's broker refuses a client without an id.</summary>
    [Fact]
    public async Task TheLineForAnotherTerminalWorksAsItIsPrinted()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("mosquitto_sub") is not null, "mosquitto_sub is not installed.");
        using TemporaryFolder state = new();
        using EdgeShelfProcess demo = EdgeShelfProcess.Start(state.Path, "demo");
        await Wait.UntilAsync(() => demo.Output.Contains("Ctrl-C ends it.", StringComparison.Ordinal));
        string line = demo.Output.Split('\n').Single(line => line.Contains("mosquitto_sub", StringComparison.Ordinal));

        using Process terminal = Process.Start(new ProcessStartInfo("sh", ["-c", $"{line} -C 1 -W 30"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string seen = await terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("edgeshelf/demo/", seen, StringComparison.Ordinal);
        Assert.Equal(0, demo.Terminate());
        Assert.Contains("\nNext: ", demo.Output, StringComparison.Ordinal);
        // The state directory is that of a service, which may run at the same time.
        Assert.Empty(Directory.EnumerateFileSystemEntries(state.Path));
    }

    static void TryStart(TcpListener listener)
    {
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            // Somebody else listens there already, which is what the test wants.
        }
    }
}
