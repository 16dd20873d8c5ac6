using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class VersionTextTests
{
    [Fact]
    public void TheFirstLineIsTheProgramsVersionAndTheSecondWhatItRunsOn()
    {
        (int exitCode, string output, _) = EdgeShelfProcess.Run("--version");

        string[] lines = output.Trim().Split('\n');
        Assert.Equal(0, exitCode);
        Assert.Equal(ProgramVersion.Text, lines[0].Split('+')[0].Trim());
        Assert.Matches(@"^\.NET 10\.\d+\.\d+, ONNX Runtime 1\.\d+\.\d+$", lines[1].Trim());
    }
}
