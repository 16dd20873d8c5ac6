using System.Globalization;
using System.Text.Json;

namespace EdgeShelf.Tests.Support;

/// <summary>A real Prometheus on a free port that reads one address every 500 ms. The metrics have the instance `device`.</summary>
sealed class PrometheusServer : IDisposable
{
    static readonly string? Program = ProgramsOnPath.Find("prometheus");

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();
    readonly HttpClient _http = new();

    PrometheusServer(Uri metrics)
    {
        int port = FreePort.Next();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        string configuration = _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 500ms, scrape_timeout: 500ms }
            scrape_configs:
              - job_name: edgeshelf
                static_configs: [{ targets: ["{{metrics.Authority}}"], labels: { instance: device } }]

            """);
        _programs.Start("", Program!, $"--config.file={configuration}", $"--storage.tsdb.path={_folder.File("data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn");
    }

    /// <summary>What the server complained of.</summary>
    public string Errors => _programs.Text;

    /// <summary>Skips the test by name where Prometheus is not installed.</summary>
    /// <param name="metrics">The address of the service whose `/metrics` it reads.</param>
    public static async Task<PrometheusServer> StartAsync(Uri metrics)
    {
        Assert.SkipUnless(Program is not null, "prometheus is not installed.");
        PrometheusServer server = new(metrics);
        await Wait.UntilAsync(() => server.AnswersAsync().GetAwaiter().GetResult(), TimeSpan.FromSeconds(60), $"Prometheus; {server.Errors}");
        return server;
    }

    /// <summary>Evaluates an expression now. An error of Prometheus fails the test.</summary>
    /// <returns>The labels and the value of each series.</returns>
    public async Task<IReadOnlyList<(string Labels, double Value)>> QueryAsync(string expression)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri($"api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{expression}: {text}");
        using JsonDocument document = JsonDocument.Parse(text);
        return [.. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
            .Select(series => (series.GetProperty("metric").GetRawText(), double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }

    public void Dispose()
    {
        _programs.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
