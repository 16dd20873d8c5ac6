namespace EdgeShelf.Tests.Support;

/// <summary>A real InfluxDB 1.x on a free port, with its files in a temporary folder and one database, `edgeshelf`.</summary>
sealed class InfluxDb : IDisposable
{
    static readonly string? Program = ProgramsOnPath.Find("influxd");

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();
    readonly HttpClient _http = new();

    InfluxDb()
    {
        int port = FreePort.Next();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        string configuration = _folder.Write("influxdb.conf", $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort.Next()}"
            [meta]
              dir = "{_folder.File("meta")}"
            [data]
              dir = "{_folder.File("data")}"
              wal-dir = "{_folder.File("wal")}"
            [http]
              bind-address = "127.0.0.1:{port}"
              log-enabled = false

            """);
        _programs.Start("", Program!, "-config", configuration);
    }

    /// <summary>Skips the test by name where InfluxDB is not installed.</summary>
    public static async Task<InfluxDb> StartAsync()
    {
        Assert.SkipUnless(Program is not null, "influxdb is not installed.");
        InfluxDb server = new();
        await Wait.UntilAsync(() => server.AnswersAsync().GetAwaiter().GetResult(), TimeSpan.FromSeconds(60), $"InfluxDB; {server._programs.Text}");
        await server.QueryAsync("CREATE DATABASE edgeshelf");
        return server;
    }

    /// <summary>Writes a point of line protocol.</summary>
    public async Task WriteAsync(string line)
    {
        using StringContent body = new(line);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("write?db=edgeshelf", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{line}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// <returns>The answer as JSON.</returns>
    public async Task<string> QueryAsync(string question)
    {
        using FormUrlEncodedContent body = new([new("q", question)]);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri("query?db=edgeshelf", UriKind.Relative), body, TestContext.Current.CancellationToken);
        string text = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim();
        Assert.True(answer.IsSuccessStatusCode && !text.Contains("\"error\"", StringComparison.Ordinal), $"{question}: {text}");
        return text;
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
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("ping", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
