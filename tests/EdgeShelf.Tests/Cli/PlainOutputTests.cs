using EdgeShelf.Cli;

namespace EdgeShelf.Tests.Cli;

public sealed class PlainOutputTests
{
    [Fact]
    public void LinesAndTabsPassAndWhatATerminalWouldObeyIsShown()
    {
        using StringWriter console = new();
        using PlainWriter output = new(console);

        output.WriteLine("plain\tÄ");
        output.WriteLine($"a\x1b[2J{7}\r");
        output.Write('\a');

        Assert.Equal("plain\tÄ\na\\x1B[2J7\\x0D\n\\x07", console.ToString());
    }

    [Fact]
    public void OnlyTheFirstLineOfAProblemBeginsAtTheMargin() => Assert.Equal(
        "edgeshelf: 2 settings are wrong:\n  - one\n  <0>two\n  Correct them.",
        ErrorText.Of("2 settings are wrong:\n  - one\n<0>two", "Correct them."));

    /// <summary>The real program, as a person calls it.</summary>
    [Fact]
    public void AFileNameReachesTheTerminalAsText()
    {
        using Support.TemporaryFolder folder = new();
        string models = folder.File("models");
        Support.TinyModel.WriteTo(models);
        File.WriteAllText(folder.File("a\n<0>\x1b[2J.jpg"), "no picture");

        (int exitCode, _, string errors) = Support.EdgeShelfProcess.Run("classify", folder.File("a\n<0>\x1b[2J.jpg"), "--set", $"Models:Trained={models}", "--set", $"Models:Name={Support.TinyModel.Name}");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("a\\x0A<0>\\x1B[2J.jpg", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', errors);
    }
}
