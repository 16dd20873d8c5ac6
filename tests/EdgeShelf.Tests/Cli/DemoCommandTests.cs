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
        Assert.Contains("mosquitto_sub -h 127.0.0.1", output, StringComparison.Ordinal);
        Assert.Contains("The device's page is at http://127.0.0.1:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be served", output + errors, StringComparison.Ordinal);
        Assert.Contains("█", output, StringComparison.Ordinal);
        Assert.Matches(@"The bay: \d+ match, .*What is missing:", output);
        Assert.Matches(@"\n2-02 +empty +clear-tall-bags ", output);
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
