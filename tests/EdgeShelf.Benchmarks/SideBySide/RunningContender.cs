using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>A contender's process. It is killed when this is disposed of.</summary>
sealed partial class RunningContender : IDisposable
{
    static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);
    static readonly TimeSpan TriesAgainAfter = TimeSpan.FromMilliseconds(5);
    const int LinesKept = 20;

    readonly Process _process;
    readonly HttpClient _client;
    readonly Queue<string> _lines = new();

    RunningContender(Contender contender, Process process, int port)
    {
        Contender = contender;
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Shorter than what the servers wait for, so that no request meets a connection that the server closes.
        _client = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = TimeSpan.FromMinutes(1),
        };
    }

    public Contender Contender { get; }

    public int Id => _process.Id;

    /// <summary>Starts a contender and waits for its first answer.</summary>
    /// <param name="processor">The only processor that it may use, or null for all of them.</param>
    /// <param name="state">A folder for what it keeps.</param>
    /// <returns>The service, and the time from the start to the first answer.</returns>
    /// <exception cref="InvalidOperationException">It ended, or gave no answer in time.</exception>
    public static async Task<(RunningContender Service, TimeSpan Start)> StartAsync(Contender contender, int? processor, int threads, string state, byte[] picture)
    {
        int port = FreePort();
        string[] command = contender.Command(port, threads, state);
        if (processor is { } only)
            command = ["taskset", "--cpu-list", only.ToString(CultureInfo.InvariantCulture), .. command];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STATE_DIRECTORY"] = state;
        start.Environment["LOGS_DIRECTORY"] = state;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        long started = Stopwatch.GetTimestamp();
        RunningContender service = new(contender, Process.Start(start)!, port);
        while (!service._process.HasExited && Stopwatch.GetElapsedTime(started) < StartsWithin)
        {
            try
            {
                await service.AskAsync(picture);
                return (service, Stopwatch.GetElapsedTime(started));
            }
            catch (HttpRequestException refused) when (refused.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                // It does not listen yet, or says that it is not ready.
                await Task.Delay(TriesAgainAfter, TimeProvider.System);
            }
        }
        string said = service.LastLines();
        service.Dispose();
        throw new InvalidOperationException($"{contender.Title} did not answer. Run it by hand: {string.Join(' ', command)}\n{said}");
    }

    /// <summary>Sends a picture and waits for the answer.</summary>
    public async Task<Answer> AskAsync(byte[] picture)
    {
        long started = Stopwatch.GetTimestamp();
        using MultipartFormDataContent form = new() { { new ByteArrayContent(picture), "image", "picture.jpg" } };
        using HttpResponseMessage response = await _client.PostAsync(new Uri("/predict", UriKind.Relative), form);
        byte[] body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        double network = double.Parse(NetworkTime().Match(string.Join(',', response.Headers.GetValues("Server-Timing"))).Groups["ms"].Value, CultureInfo.InvariantCulture);
        using JsonDocument document = JsonDocument.Parse(body);
        // EdgeShelf answers slot by slot; without slots the whole picture is the only one.
        JsonElement answer = document.RootElement.TryGetProperty("slots", out JsonElement slots) ? slots[0] : document.RootElement;
        return new Answer(took.TotalMilliseconds, network, [.. answer.GetProperty("top").EnumerateArray().Select(entry => entry.GetProperty("label").GetString()!)]);
    }

    public void Dispose()
    {
        _client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line.Data);
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
        }
    }

    string LastLines()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }

    [GeneratedRegex(@"inference;dur=(?<ms>[0-9.]+)")]
    private static partial Regex NetworkTime();
}

/// <summary>An answer of `POST /predict`.</summary>
/// <param name="Took">Time from the request to the end of the answer, in milliseconds.</param>
/// <param name="Network">Time of the network alone, in milliseconds, by the service's own clock.</param>
/// <param name="Top">The labels, best first.</param>
readonly record struct Answer(double Took, double Network, string[] Top);
