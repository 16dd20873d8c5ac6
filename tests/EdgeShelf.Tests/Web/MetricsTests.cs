using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>`/metrics` as Prometheus and the dashboard read it.</summary>
public sealed partial class MetricsTests
{
    // Named in the dashboard, and absent where there is no sensor.
    static readonly string[] SometimesAbsent = ["edgeshelf_temperature_celsius"];

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
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
        string[] wanted = [.. expressions.SelectMany(expression => MetricName().Matches(expression)).Select(match => match.Groups["name"].Value.Replace("_bucket", "", StringComparison.Ordinal)).Distinct()];

        Assert.True(wanted.Length >= 15, $"only {wanted.Length} metrics found in the dashboard");
        Assert.Empty(wanted.Except(exported).Except(SometimesAbsent));
    }

    /// <summary>A service that has taken pictures, one of them to review, answered uploads, one of them from the cache, and has a message waiting.</summary>
    static async Task<ShelfOnTheWeb> BusyShelfAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
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
