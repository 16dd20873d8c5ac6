using EdgeShelf.Configuration;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

/// <summary>The manual pages in the package.</summary>
public sealed class SettingsManualTests
{
    static readonly string Pages = Path.Combine(Checkout.Root, "scripts", "debian");
    static readonly string Shipped = Path.Combine(Pages, "edgeshelf.json.5");

    /// <summary>After a change of the settings the new page lies in `artifacts`, to be copied over the shipped one.</summary>
    [Fact]
    public void TheShippedPageIsTheOneOfTheOptions()
    {
        string page = SettingsManual.Create();
        string made = Path.Combine(Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts")).FullName, "edgeshelf.json.5");
        File.WriteAllText(made, page);

        Assert.True(File.Exists(Shipped) && File.ReadAllText(Shipped) == page, $"Copy {made} to {Shipped}.");
    }

    [Theory]
    [InlineData("edgeshelf.1")]
    [InlineData("edgeshelf.json.5")]
    public void MandocFindsNothingWrongWithAPage(string page)
    {
        (int exitCode, string output, string errors) = Run("mandoc", "-T", "lint", "-W", "warning", Filled(page));

        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public void ManShowsEverySettingWithItsText()
    {
        (int exitCode, string output, string errors) = Run("man", "--warnings", "--encoding=UTF-8", "--local-file", Filled("edgeshelf.json.5"));

        Assert.True(exitCode == 0 && string.IsNullOrWhiteSpace(errors), errors);
        Assert.All(Setting.All, setting => Assert.Contains($"       {setting.Key} (", output, StringComparison.Ordinal));
        // Lines are filled up with spaces.
        string words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Interval between pictures of the timer; 0 turns the timer off. Default: 00:01:00.", words, StringComparison.Ordinal);
        Assert.DoesNotContain("`", output, StringComparison.Ordinal);
        Assert.DoesNotContain("](", output, StringComparison.Ordinal);
    }

    /// <summary>The page as package.sh installs it, in a file of its own.</summary>
    static string Filled(string page)
    {
        string text = File.ReadAllText(Path.Combine(Pages, page)).Replace("@VERSION@", "1.2.3", StringComparison.Ordinal).Replace("@DATE@", "2026-11-27", StringComparison.Ordinal);
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "manual")).FullName, page);
        File.WriteAllText(path, text);
        return path;
    }

    static (int ExitCode, string Output, string Errors) Run(string program, params string[] arguments)
    {
        Assert.SkipUnless(ProgramsOnPath.Find(program) is not null, $"{program} is not installed.");
        using TemporaryFolder state = new();
        using EdgeShelfProcess process = EdgeShelfProcess.StartBy(state.Path, ["env", "MANWIDTH=300", "LC_ALL=C.UTF-8", program, .. arguments]);
        return (process.WaitForExit(), process.Output, process.Errors);
    }
}
