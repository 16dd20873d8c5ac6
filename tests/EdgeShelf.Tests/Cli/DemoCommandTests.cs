using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class DemoCommandTests
{
    [Fact]
    public void OneRoundShowsEachPictureAsABackendReceivesIt()
    {
        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("demo", "--once", "--interval", "00:00:00.2");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        string[] pictures = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.*").Select(file => Path.GetFileName(file)).Where(name => name != "NOTICE")];
        Assert.True(pictures.Length >= 6);
        Assert.All(pictures, picture => Assert.Contains(picture, output, StringComparison.Ordinal));
        Assert.Contains("mosquitto_sub -h 127.0.0.1", output, StringComparison.Ordinal);
        Assert.Contains("█", output, StringComparison.Ordinal);
    }
}
