using System.CommandLine;
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
    public async Task APathWithoutTheRightToItIsALine()
    {
        using StringWriter errors = new();
        using Broken output = new(new UnauthorizedAccessException("Access to the path '/tmp' is denied."));

        int exitCode = await ProcessEdge.RunAsync(["config", "show"], output, errors);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("edgeshelf: Access to the path '/tmp' is denied.\n  Run the command as", errors.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The parser named types of .NET.</summary>
    [Theory]
    [InlineData("--runs is \"x\"; a whole number is needed.", "bench", "-n", "x")]
    [InlineData("--runs is \"1.5\"; a whole number is needed.", "bench", "--runs", "1.5")]
    [InlineData("--runs is \"99999999999\"; a whole number is needed that is at most 2147483647.", "bench", "-n", "99999999999")]
    [InlineData("--threads is \"many\"; a whole number is needed.", "bench", "-t", "many")]
    [InlineData("--mean is \"b\"; a number is needed.", "model", "quantize", "--mean", "0.1", "b", "0.3")]
    [InlineData("--min-margin is \"0,5\"; a number is needed.", "model", "quantize", "--min-margin", "0,5")]
    [InlineData("SEQ is \"last\"; a whole number is needed.", "outbox", "show", "last")]
    [InlineData("SEQ is \"all\"; a whole number is needed.", "outbox", "retry", "all")]
    [InlineData("Required argument 'SEQ' missing", "outbox", "show")]
    [InlineData("edgeshelf: There is no option --nope.\n  `edgeshelf model show --help`", "model", "show", "--nope")]
    public async Task AWrongOptionIsExplainedInPlainWords(string expected, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await InProcess.RunAsync(arguments);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("is \"\"", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void NoOptionIsLeftToTheParsersOwnWords()
    {
        RootCommand root = CommandLine.Create();
        NumberWords.AddTo(root);
        Symbol[] all = [.. Everything(root)];

        Assert.True(all.Length > 50, $"{all.Length} options and arguments");
        Assert.DoesNotContain(all, symbol => HasOwnWords(symbol) is false);
    }

    /// <summary>A file of further arguments is nothing that the help speaks of, and a picture may have such a name.</summary>
    [Fact]
    public async Task ANameWithAnAtSignIsAName()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("arguments", "--help");

        (_, string output, string errors) = await InProcess.RunAsync("classify", $"@{file}");

        Assert.DoesNotContain("Usage", output, StringComparison.Ordinal);
        Assert.Contains($"@{file}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatNobodyForesawIsALineThatAsksForAReport()
    {
        using StringWriter errors = new();
        using Broken output = new(new NotSupportedException("two\nlines"));

        int exitCode = await ProcessEdge.RunAsync(["config", "show"], output, errors);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("edgeshelf: NotSupportedException: two lines\n  This is a fault of EdgeShelf.", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    static IEnumerable<Symbol> Everything(Command command) => [.. command.Options, .. command.Arguments, .. command.Subcommands.SelectMany(Everything)];

    /// <summary>Whether text, a switch, or something with a parser of its own.</summary>
    static bool HasOwnWords(Symbol symbol)
    {
        Type type = symbol is Option option ? option.ValueType : ((Argument)symbol).ValueType;
        return type == typeof(string) || type == typeof(string[]) || type == typeof(bool) || type == typeof(void)
            || symbol.GetType().GetProperty("CustomParser")!.GetValue(symbol) is not null;
    }

    sealed class Broken(Exception problem) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw problem;
    }
}
