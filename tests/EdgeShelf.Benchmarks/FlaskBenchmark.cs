using System.Diagnostics;
using System.Globalization;

namespace EdgeShelf.Benchmarks;

/// <summary>
/// What a Flask, PyTorch and torchvision service of the same network takes for a picture, against ours from bytes to answer.
/// Its HTTP is in its figure and ours has none here; a localhost request is well under a millisecond.
/// </summary>
static class FlaskBenchmark
{
    const int Port = 18099;
    const int Requests = 60;
    static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string script, string weights, string classes)
    {
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "tomatoes.jpg"));
        ProcessStartInfo start = new("/usr/bin/python3", [script, weights, classes, Port.ToString(CultureInfo.InvariantCulture), "1"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process flask = Process.Start(start)!;
        try
        {
            using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(30) };
            await WaitUntilItAnswersAsync(client, picture);
            using Models.LoadedModel model = Models.ModelFolder.Load(new Models.ModelsOptions().FindFolder(), threads: 1);
            using Vision.ShelfClassifier classifier = new(model);
            Capture.Frame frame = new(picture, "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
            double[] theirs = new double[Requests], ours = new double[Requests];
            for (int i = 0; i < Requests; i++)
            {
                long started = Stopwatch.GetTimestamp();
                classifier.Classify(frame);
                ours[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                started = Stopwatch.GetTimestamp();
                await AskAsync(client, picture);
                theirs[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            Comparison.Print("picture to top three; other: Flask and PyTorch, 1 thread", Comparison.Median(ours), Comparison.Median(theirs));
            flask.Refresh();
            Comparison.Print("resident memory, MB; other: Flask and PyTorch", Environment.WorkingSet / 1e6, flask.WorkingSet64 / 1e6);
        }
        finally
        {
            flask.Kill(entireProcessTree: true);
        }
    }

    static async Task WaitUntilItAnswersAsync(HttpClient client, byte[] picture)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await AskAsync(client, picture);
                return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(started) < StartsWithin)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
            }
        }
    }

    static async Task AskAsync(HttpClient client, byte[] picture)
    {
        using MultipartFormDataContent form = new() { { new ByteArrayContent(picture), "image", "picture.jpg" } };
        using HttpResponseMessage response = await client.PostAsync(new Uri("/predict", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
    }
}
