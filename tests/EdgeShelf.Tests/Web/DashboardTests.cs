using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>`scripts/grafana-dashboard.json` without Grafana: each question that a panel asks has an answer of a real Prometheus that reads a real device.</summary>
public sealed class DashboardTests
{
    /// <summary>Absent on a machine without such a sensor.</summary>
    const string OfTheSensor = "edgeshelf_temperature_celsius";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachPanelOfTheDashboardHasAnAnswer()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Services.GetRequiredService<BayStatus>().Set(SomeBay.Of(4, ("1-02", Verdict.Empty), ("1-03", Verdict.Mismatch)).With("1-03", slot => slot with { Expected = new ExpectedProduct("tea", null, null) }), []);
        int review = 0;
        await LiveAsync();
        using PrometheusServer prometheus = await PrometheusServer.StartAsync(shelf.Address);
        string[] questions = [.. Questions()];
        Assert.True(questions.Length >= 30, $"only {questions.Length} questions");

        // Rates need two readings with something between them.
        string[] open = questions;
        for (int round = 0; open.Length > 0 && round < 200; round++)
        {
            await LiveAsync();
            await Wait.UntilAsync(() => shelf.Http.GetStringAsync("/metrics", Cancellation).GetAwaiter().GetResult().Contains("edgeshelf_review_answers_total{", StringComparison.Ordinal));
            List<string> still = [];
            foreach (string question in open)
            {
                IReadOnlyList<(string Labels, double Value)> answers = await prometheus.QueryAsync(question);
                if (answers.Count == 0 || answers.Any(answer => !double.IsFinite(answer.Value)))
                    still.Add(question);
            }
            open = [.. still];
        }

        Assert.DoesNotContain(open, question => !question.StartsWith(OfTheSensor, StringComparison.Ordinal));
        // A reading that took too long leaves a gap.
        await Wait.UntilAsync(() => AnswersAsync(25).GetAwaiter().GetResult().Length == 2 && AnswersAsync(17).GetAwaiter().GetResult().Length == 2);
        Assert.Equal(["""{"product":"Tall kitchen bags"} 1""", """{"product":"tea"} 1"""], await AnswersAsync(25));
        Assert.Contains("\"product\":\"Tall kitchen bags\",\"slot\":\"1-02\",\"verdict\":\"empty\"", string.Join(' ', await AnswersAsync(17)), StringComparison.Ordinal);

        async Task<string[]> AnswersAsync(int panel) => [.. (await prometheus.QueryAsync(Questions(panel).Single())).Select(answer => $"{answer.Labels} {answer.Value}").Order(StringComparer.Ordinal)];

        // A device's life: pictures, one of them unusable; uploads, one known already; and an answer of a person.
        async Task LiveAsync()
        {
            review++;
            shelf.Show($"{review:000}-a.jpg", PicturesOf.Scene(seed: review));
            shelf.ShowPlain($"{review:000}-b.png", SKColors.Black);
            await shelf.CaptureAsync();
            await shelf.CaptureAsync();
            byte[] upload = PicturesOf.Scene(seed: 1000 + review);
            (await shelf.PredictAsync(upload)).Dispose();
            (await shelf.PredictAsync(upload)).Dispose();
            await ReviewRoutesTests.AddAsync(shelf, review, $"9-{review}", "tea", ReviewReasons.CloseCall);
            // What was taught already needs no answer.
            if (shelf.Services.GetRequiredService<ReviewQueue>().Now.Waiting.FindLast(entry => entry.Slot == $"9-{review}") is { } question)
            {
                using HttpResponseMessage answered = await shelf.Http.PostAsJsonAsync("/api/review", new { ids = new[] { question.Id }, answer = "correct", label = "tea" }, Cancellation);
                Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
            }
        }
    }

    /// <summary>The expressions of all panels or of one, with all devices chosen.</summary>
    static IEnumerable<string> Questions(int? panel = null)
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "grafana-dashboard.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(candidate => candidate.TryGetProperty("targets", out _) && (panel is null || candidate.GetProperty("id").GetInt32() == panel))
            .SelectMany(candidate => candidate.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal))];
    }
}
