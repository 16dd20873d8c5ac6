using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What is beside the code in scripts/samples/fleet: rules, dashboard, compose file and README.</summary>
public sealed partial class FleetSamplesTests
{
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet");

    [Fact]
    public void EveryPanelOfTheDashboardHasAnAnswerForAFleetWithResultsAndChanges()
    {
        using PostgreSql database = PostgreSql.Start();
        database.RunFile(Path.Combine(Samples, "tables.sql"));
        Store(database);
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Samples, "grafana", "fleet.json")));
        string[] questions = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("rawSql").GetString()!)];

        Assert.Equal(10, questions.Length);
        Assert.All(questions, question => Assert.True(database.Query(question).Replace("|", "", StringComparison.Ordinal).Length > 0, $"The answer is empty: {question}"));
        Assert.Equal("tall-kitchen-bags|0.50000000000000000000|2", database.Query(questions.Single(question => question.Contains("GROUP BY product", StringComparison.Ordinal))));
        Assert.Equal("store0001|store0001-01|1-02|tall-kitchen-bags|empty", database.Query(questions.Single(question => question.Contains("to_verdict AS verdict", StringComparison.Ordinal)).Replace(", since FROM", " FROM", StringComparison.Ordinal)));
    }

    /// <summary>
    /// Stores documents as devices send them: a look at two places of which one is empty, a place that was filled again, another that was not,
    /// and the last result of a device that is silent since.
    /// </summary>
    static void Store(PostgreSql database)
    {
        using OutboxInFolder outbox = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        BayState bay = SomeBay.Of(2, ("1-02", Verdict.Empty));
        ResultDocument plain = ResultDocument.Of(outbox.AppendResult());
        Insert("store0001-01", 1, now, plain with { Slots = [.. bay.Slots.Select(Placed)] });
        Change(2, bay.ChangeOf("1-01", Verdict.Match) with { To = Verdict.Empty, Since = now.AddMinutes(-90) });
        Change(3, bay.ChangeOf("1-01", Verdict.Empty) with { Since = now.AddMinutes(-30) });
        Change(4, bay.ChangeOf("1-02", Verdict.Match) with { Since = now.AddMinutes(-10) });
        Insert("store0001-02", 1, now.AddMinutes(-20), plain);

        SlotDocument Placed(SlotState slot) => new PlacedSlotDocument(slot.Slot, plain.Slots[0].Top, false, null)
        {
            Region = new RegionDocument(0, 0, 0.5, 1),
            Cached = false,
            Expected = ExpectedDocument.Of(slot.Expected),
            Verdict = VerdictNames.Of(slot.Verdict),
        };

        void Change(int seq, SlotChange change) => Insert("store0001-01", seq, change.Since, new EventDocument
        {
            Id = $"store0001-01-{seq}",
            Device = "store0001-01",
            Installation = plain.Installation,
            Seq = seq,
            Boot = plain.Boot,
            At = change.Since,
            ClockSynced = true,
            Type = EventTypes.SlotChanged,
            Message = "A slot changed.",
            Data = PublishJson.Node(SlotChangedDocument.Of(change, null, "store0001-01-1"), PublishJson.Wire.SlotChangedDocument),
        });

        void Insert(string device, int seq, DateTimeOffset at, object document) => database.Query(
            $"INSERT INTO message VALUES ('{plain.Installation}', '{device}-{seq}', '{device}', {seq}, '{(document is EventDocument ? "event" : "result")}', '{at:O}', now(), '{JsonSerializer.Serialize(document, document.GetType(), ResultDocument.Json)}')");
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
