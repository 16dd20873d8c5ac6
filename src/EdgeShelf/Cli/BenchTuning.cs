using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Cli;

/// <summary>`bench --tune`: measures the network with different numbers of threads and sizes of batches, and says what to set.</summary>
static class BenchTuning
{
    const int MostThreads = 8;

    /// <summary>
    /// How much longer a picture may take with fewer threads, as a factor. The threads that are left out keep the board cooler and leave time
    /// for the camera.
    /// </summary>
    const double Worth = 1.05;

    static readonly int[] Batches = [1, 2, 4, 8];

    public static void Run(ParseResult parsed, CommonOptions common, Frame frame, int runs, TextWriter output, CancellationToken cancellationToken)
    {
        int now = ConfigurationCheck.Read<VisionOptions>(common.Configuration(parsed), VisionOptions.Section).Threads;
        List<ThreadTrial> trials = [];
        output.WriteLine($"Median milliseconds of the network for one picture, {runs} pictures each");
        output.WriteLine($"threads {string.Concat(Batches.Select(batch => $"{$"batch of {batch}",12}"))}");
        for (int threads = 1; threads <= Math.Min(Environment.ProcessorCount, MostThreads); threads++)
        {
            // One after another, because a board may not have the memory for several.
            using LoadedModel model = common.Model(parsed, threads);
            ThreadTrial trial = new(threads, [.. Batches.Select(batch => Measure(model, frame, batch, runs, cancellationToken))]);
            trials.Add(trial);
            output.WriteLine($"{threads,7} {string.Concat(trial.Milliseconds.Select(time => time.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(12)))}");
        }
        output.WriteLine(Advice(trials, now));
    }

    /// <summary>The fewest threads with which a single picture takes hardly longer than with the best number.</summary>
    internal static ThreadTrial Best(IReadOnlyList<ThreadTrial> trials)
    {
        double fastest = trials.Min(trial => trial.Single);
        return trials.OrderBy(trial => trial.Threads).First(trial => trial.Single <= fastest * Worth);
    }

    /// <param name="now">The value of Vision:Threads.</param>
    internal static string Advice(IReadOnlyList<ThreadTrial> trials, int now)
    {
        ThreadTrial best = Best(trials);
        string threads = best.Threads == 1 ? "1 thread is" : $"{best.Threads} threads are";
        return best.Threads == now
            ? $"{threads} the best here, and Vision:Threads is {now} already. Change nothing."
            : $"{threads} the best here, and Vision:Threads is {now}. Set \"Vision\": {{ \"Threads\": {best.Threads} }} in {ServiceDirectories.ConfigurationFile}, and restart the service.";
    }

    /// <returns>The median time of the network, divided by the number of pictures.</returns>
    static double Measure(LoadedModel model, Frame frame, int batch, int runs, CancellationToken cancellationToken)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        using (Picture picture = PictureDecoder.Decode(frame))
            model.Preprocessor.Crop(picture, crop);
        using OrtValue tensor = model.Preprocessor.ToTensor(Enumerable.Repeat(crop, batch).SelectMany(bytes => bytes).ToArray());
        // The first run allocates.
        model.Network.Run(tensor);
        TimeSpan[] times = new TimeSpan[Math.Max(1, runs / batch)];
        for (int i = 0; i < times.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            model.Network.Run(tensor);
            times[i] = Stopwatch.GetElapsedTime(started) / batch;
        }
        return Percentiles.Of(times).Median;
    }
}

/// <summary>What was measured with one number of threads.</summary>
/// <param name="Milliseconds">Time of one picture for each size of batch; the first is a picture alone.</param>
sealed record ThreadTrial(int Threads, IReadOnlyList<double> Milliseconds)
{
    public double Single => Milliseconds[0];
}
