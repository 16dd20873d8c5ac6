using System.Text;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class ProcessEdgeTests
{
    [Theory]
    [InlineData("classify \"$SAMPLES\" | head -1", 0, "")]
    [InlineData("config show >&-", 1, "")]
    [InlineData("config show > /dev/full", 1, "edgeshelf: No space left on device\n  Free some space on that volume and run the command again.\n")]
    [InlineData("config show > /dev/full 2>&1", 1, "")]
    [InlineData("outbox list --folder /dev/null", 1, "edgeshelf: There is no outbox in /dev/null.\n  Name the service's")]
    public void AnOutputThatIsGoneOrFullEndsInALineAtMost(string line, int exitCode, string errors)
    {
        using TemporaryFolder state = new();
        using EdgeShelfProcess shell = EdgeShelfProcess.StartBy(
            state.Path, "env", $"SAMPLES={Path.Combine(AppContext.BaseDirectory, "samples")}", "sh", "-c", $"{EdgeShelfProcess.Program} {line}");

        Assert.Equal(exitCode, shell.WaitForExit());
        Assert.StartsWith(errors, shell.Errors.TrimEnd('\n') + '\n', StringComparison.Ordinal);
        Assert.True(errors.Length > 0 || shell.Errors.Trim().Length == 0, shell.Errors);
    }

    [Fact]
    public async Task AFolderInPlaceOfAFileIsALine()
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("classify", "@/tmp");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("edgeshelf: Access to the path '/tmp' is denied.\n  Run the command as", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatNobodyForesawIsALineThatAsksForAReport()
    {
        using StringWriter errors = new();
        using Broken output = new();

        int exitCode = await ProcessEdge.RunAsync(["config", "show"], output, errors);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("edgeshelf: NotSupportedException: two lines\n  This is a fault of EdgeShelf.", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    sealed class Broken : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new NotSupportedException("two\nlines");
    }
}
