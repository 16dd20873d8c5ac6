using System.Diagnostics;
using System.Globalization;

namespace EdgeShelf.Benchmarks;

/// <summary>`POST /predict` of the running service against a Flask, PyTorch and torchvision service of the same network, each on one thread.</summary>
static class FlaskBenchmark
{
    const int FlaskPort = 18099;
    const int OurPort = 18098;
    const int Requests = 60;
    static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string script, string weights, string classes)
    {
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "tomatoes.jpg"));
        DirectoryInfo state = Directory.CreateTempSubdirectory("edgeshelf-bench-");
        using Process flask = Start("/usr/bin/python3", [script, weights, classes, FlaskPort.ToString(CultureInfo.InvariantCulture), "1"], state);
        using Process ours = Start(Path.Combine(AppContext.BaseDirectory, "edgeshelf"), OurArguments(), state);
        try
        {
            using HttpClient theirClient = Client(FlaskPort), ourClient = Client(OurPort);
            if (!await AnswersAsync(theirClient, flask, picture) || !await AnswersAsync(ourClient, ours, picture))
                return;
            double[] theirTimes = new double[Requests], ourTimes = new double[Requests];
            for (int i = 0; i < Requests; i++)
            {
                ourTimes[i] = await MillisecondsAsync(ourClient, picture);
                theirTimes[i] = await MillisecondsAsync(theirClient, picture);
            }
            Comparison.Print("POST /predict; other: Flask and PyTorch, 1 thread", Comparison.Median(ourTimes), Comparison.Median(theirTimes));
            ours.Refresh();
            flask.Refresh();
            Comparison.Print("resident memory, MB; other: Flask and PyTorch", ours.WorkingSet64 / 1e6, flask.WorkingSet64 / 1e6);
        }
        finally
        {
            flask.Kill(entireProcessTree: true);
            ours.Kill(entireProcessTree: true);
            await ours.WaitForExitAsync();
            state.Delete(recursive: true);
        }
    }

    // The same picture again and again is what the cache is for; here it would hide the work.
    static string[] OurArguments() =>
    [
        "run", "--set", "Capture:Interval=0", "--set", $"Capture:Folder:Path={AppContext.BaseDirectory}", "--set", "Vision:Threads=1",
        "--set", "Vision:CacheEntries=0", "--set", string.Create(CultureInfo.InvariantCulture, $"Web:Port={OurPort}"),
    ];

    static Process Start(string program, string[] arguments, DirectoryInfo state)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["STATE_DIRECTORY"] = state.FullName;
        start.Environment["LOGS_DIRECTORY"] = state.FullName;
        Process process = Process.Start(start)!;
        // A full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static HttpClient Client(int port) => new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };

    static async Task<bool> AnswersAsync(HttpClient client, Process service, byte[] picture)
    {
        long started = Stopwatch.GetTimestamp();
        while (!service.HasExited && Stopwatch.GetElapsedTime(started) < StartsWithin)
        {
            try
            {
                await MillisecondsAsync(client, picture);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
            }
        }
        Console.WriteLine($"The Flask service was not compared: {service.StartInfo.FileName} {string.Join(' ', service.StartInfo.ArgumentList)} does not answer. Try it by hand.");
        return false;
    }

    static async Task<double> MillisecondsAsync(HttpClient client, byte[] picture)
    {
        long started = Stopwatch.GetTimestamp();
        using MultipartFormDataContent form = new() { { new ByteArrayContent(picture), "image", "picture.jpg" } };
        using HttpResponseMessage response = await client.PostAsync(new Uri("/predict", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
