using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>`/metrics` as Prometheus and the dashboard read it.</summary>
public sealed partial class MetricsTests
{
    // Named in the dashboard, and absent where there is no sensor or before somebody answered.
    static readonly string[] SometimesAbsent = ["edgeshelf_temperature_celsius", "edgeshelf_review_answers_total"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PrometheusOwnParserHasNothingToComplainOf()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("promtool") is not null, "promtool is not installed.");
        await using ShelfOnTheWeb shelf = await BusyShelfAsync();
        string metrics = await shelf.Http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("edgeshelf_captures_total{", metrics, StringComparison.Ordinal);

        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        string complaints = await promtool.StandardOutput.ReadToEndAsync(Cancellation) + await promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.WaitForExitAsync(Cancellation);

        Assert.Equal("", complaints);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task EveryMetricOfTheDashboardExists()
    {
        await using ShelfOnTheWeb shelf = await BusyShelfAsync();
        string metrics = await shelf.Http.GetStringAsync("/metrics", Cancellation);
        string[] exported = [.. TypeLine().Matches(metrics).Select(match => match.Groups["name"].Value)];

        string dashboard = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "grafana-dashboard.json"), Cancellation);
        string[] expressions = [.. JsonDocument.Parse(dashboard).RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.GetProperty("type").GetString() != "row").SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
        string[] wanted = [.. expressions.SelectMany(expression => MetricName().Matches(expression)).Select(match => match.Groups["name"].Value.Replace("_bucket", "", StringComparison.Ordinal)).Distinct()];

        Assert.True(wanted.Length >= 25, $"only {wanted.Length} metrics found in the dashboard");
        Assert.Empty(wanted.Except(exported).Except(SometimesAbsent));
    }

    [Fact]
    public async Task TheDashboardShowsWhatWaitsForAPersonAndHowOftenTheDeviceWasRight()
    {
        string dashboard = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "grafana-dashboard.json"), Cancellation);

        Assert.Contains("edgeshelf_review_waiting{", dashboard, StringComparison.Ordinal);
        Assert.Contains("edgeshelf_review_answers_total{", dashboard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachMetricOfTheAlertRulesIsExportedAndPromtoolTakesTheRules()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("promtool") is not null, "promtool is not installed.");
        await using ShelfOnTheWeb shelf = await BusyShelfAsync();
        string metrics = await shelf.Http.GetStringAsync("/metrics", Cancellation);
        string[] exported = [.. TypeLine().Matches(metrics).Select(match => match.Groups["name"].Value)];
        string rules = Path.Combine(Checkout.Root, "scripts", "samples", "prometheus", "alerts.yml");
        string[] wanted = [.. MetricName().Matches(await File.ReadAllTextAsync(rules, Cancellation)).Select(match => match.Groups["name"].Value).Distinct()];

        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "rules", rules]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string complaints = await promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.WaitForExitAsync(Cancellation);

        Assert.True(promtool.ExitCode == 0, complaints);
        Assert.True(wanted.Length >= 8, $"only {wanted.Length} metrics found in the rules");
        Assert.Empty(wanted.Except(exported).Except(SometimesAbsent));
    }

    [Fact]
    public async Task EachSlotHasItsStateAndThoseOfSlotsThatAreGoneGoToo()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        Assert.DoesNotContain("edgeshelf_slot_state", await shelf.Http.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
        BayStatus bay = shelf.Services.GetRequiredService<BayStatus>();

        bay.Set(SomeBay.Of(3, ("1-02", Verdict.Empty)).With("1-03", slot => slot with { CoveredSince = SomeBay.Since }), []);

        string[] metrics = await MetricsAsync(text => text.Contains("edgeshelf_slot_state{", StringComparison.Ordinal));
        Assert.Equal("1", Value("edgeshelf_slot_state", "slot=\"1-01\"", "verdict=\"match\""));
        Assert.Equal("0", Value("edgeshelf_slot_state", "slot=\"1-02\"", "verdict=\"match\""));
        Assert.Equal("1", Value("edgeshelf_slot_state", "slot=\"1-02\"", "verdict=\"empty\""));
        Assert.Equal("1", Value("edgeshelf_slot_state", "slot=\"1-03\"", "verdict=\"match\""));
        Assert.Equal("1", Value("edgeshelf_slot_state", "slot=\"1-03\"", "verdict=\"covered\""));
        Assert.Equal(3 * Enum.GetValues<Verdict>().Length, metrics.Count(line => line.StartsWith("edgeshelf_slot_state{", StringComparison.Ordinal)));
        Assert.StartsWith("0.6667", Value("edgeshelf_shelf_availability_ratio"), StringComparison.Ordinal);
        Assert.Equal("1", Value("edgeshelf_shelf_view", "view=\"clear\""));
        Assert.Equal("0", Value("edgeshelf_shelf_view", "view=\"camera-moved\""));
        Assert.Contains(metrics, line => line.StartsWith("edgeshelf_slot_state_seconds_total{", StringComparison.Ordinal) && line.Contains("slot=\"1-02\"", StringComparison.Ordinal));

        bay.Set(SomeBay.Of(1), []);
        metrics = await MetricsAsync(text => !text.Contains("slot=\"1-02\"", StringComparison.Ordinal));
        Assert.Equal("1", Value("edgeshelf_slot_state", "slot=\"1-01\"", "verdict=\"match\""));

        string Value(string name, params string[] labels) => Assert.Single(
            metrics, line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Split(' ')[1];

        // The exporter repeats for a moment what it collected last.
        async Task<string[]> MetricsAsync(Func<string, bool> isFresh)
        {
            string text = "";
            long start = Stopwatch.GetTimestamp();
            do
                text = await shelf.Http.GetStringAsync("/metrics", Cancellation);
            while (!isFresh(text) && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
            Assert.True(isFresh(text), text);
            return text.Split('\n');
        }
    }

    /// <summary>The exporter keeps the series of names that are gone, and counts them.</summary>
    [Fact]
    public async Task TheLargestBayFitsIntoTheMetricsAlsoWhenItsSlotsAreRenamedAgainAndAgain()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        BayStatus bay = shelf.Services.GetRequiredService<BayStatus>();
        BayState largest = SomeBay.Of(SlotMap.MaxSlots);
        string metrics = "";
        for (int naming = 1; naming <= 5; naming++)
        {
            bay.Set(largest with { Slots = [.. largest.Slots.Select(slot => slot with { Slot = $"{naming}.{slot.Slot}" })] }, []);
            await Wait.UntilAsync(
                () => (metrics = shelf.Http.GetStringAsync("/metrics", Cancellation).GetAwaiter().GetResult()).Contains($"slot=\"{naming}.1-01\"", StringComparison.Ordinal), $"naming {naming}");
        }

        Assert.Equal(SlotMap.MaxSlots * Enum.GetValues<Verdict>().Length, metrics.Split('\n').Count(line => line.StartsWith("edgeshelf_slot_state{", StringComparison.Ordinal)));
        Assert.DoesNotContain("overflow", metrics, StringComparison.Ordinal);
    }

    /// <summary>A service that has slots, has taken pictures, one of them to review, answered uploads, one of them from the cache, and has a message waiting.</summary>
    static async Task<ShelfOnTheWeb> BusyShelfAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Services.GetRequiredService<BayStatus>().Set(SomeBay.Of(3, ("1-02", Verdict.Empty)), []);
        shelf.ShowPlain("1.png", SKColors.Red);
        await shelf.CaptureAsync();
        shelf.Show("2.jpg", PicturesOf.Scene());
        await shelf.CaptureAsync();
        byte[] picture = PicturesOf.Scene(seed: 2);
        (await shelf.PredictAsync(picture)).Dispose();
        (await shelf.PredictAsync(picture)).Dispose();
        return shelf;
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\b(?<name>(edgeshelf|process)_[a-z_]+)")]
    private static partial Regex MetricName();
}
