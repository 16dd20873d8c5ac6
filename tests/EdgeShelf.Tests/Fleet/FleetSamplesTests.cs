using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What is beside the code in scripts/samples/fleet: rules, dashboard, compose file and README.</summary>
public sealed partial class FleetSamplesTests
{
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet");

    [Fact]
    public void EveryPanelOfTheDashboardAsksWhatTheDatabaseAnswers()
    {
        using PostgreSql database = PostgreSql.Start();
        database.RunFile(Path.Combine(Samples, "tables.sql"));
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Samples, "grafana", "fleet.json")));
        string[] questions = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("rawSql").GetString()!)];

        Assert.Equal(10, questions.Length);
        Assert.All(questions, question => database.Query(question));
    }

    [Fact]
    public void PromtoolAcceptsTheRulesAndTheConfiguration()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("promtool") is not null, "promtool is not installed.");
        using TemporaryFolder folder = new();
        foreach (string file in (string[])["prometheus.yml", "rules.yml"])
            File.Copy(Path.Combine(Samples, "prometheus", file), folder.File(file));
        folder.Write("token", "secret");

        (int exitCode, string output, string errors) = BackgroundPrograms.Run(null, "promtool", "check", "config", folder.File("prometheus.yml"));

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("7 rules found", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheComposeFileNamesFilesThatAreThere()
    {
        string[] mounted = [.. Mount().Matches(File.ReadAllText(Path.Combine(Samples, "compose.yaml"))).Select(mount => mount.Groups["path"].Value)];

        Assert.Equal(6, mounted.Length);
        Assert.All(mounted, path => Assert.True(Path.Exists(Path.Combine(Samples, path)), path));
    }

    [Fact]
    public void TheReadmesCommandsOfTheSimulatorAreOnesThatItTakes()
    {
        string readme = File.ReadAllText(Path.Combine(Samples, "README.md")) + File.ReadAllText(Path.Combine(Checkout.Root, "tests", "FleetSimulator", "README.md"));
        string[] options = [.. SimulatorCommand().Matches(readme.Replace("\\\n", " ", StringComparison.Ordinal)).SelectMany(command => Option().Matches(command.Groups["options"].Value)).Select(option => option.Value).Distinct()];
        (_, string help, _) = BackgroundPrograms.Run(null, Path.Combine(AppContext.BaseDirectory, "fleet-simulator"), "--help");

        Assert.Contains("--devices", options);
        Assert.All(options, option => Assert.Contains($"  {option} ", help, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"""(?<path>\./[^:""]+):")]
    private static partial Regex Mount();

    [GeneratedRegex(@"FleetSimulator[^\n]* -- (?<options>[^\n]*)")]
    private static partial Regex SimulatorCommand();

    [GeneratedRegex(@"--[a-z-]+")]
    private static partial Regex Option();
}
