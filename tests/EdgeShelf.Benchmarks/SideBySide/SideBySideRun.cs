using System.Globalization;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Compares EdgeShelf with other services of the same network; see `scripts/bench.sh`.</summary>
static class SideBySideRun
{
    /// <summary>A camera's picture of 1280 x 960 pixels.</summary>
    static readonly string CameraPicture = Path.Combine(AppContext.BaseDirectory, "camera.jpg");

    public static async Task RunAsync(SideBySideOptions options)
    {
        string date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        string load = Machine.Load();
        byte[] picture = await File.ReadAllBytesAsync(CameraPicture);
        IReadOnlyList<Contender> contenders = Contender.All(options);
        List<Setting> settings = [];
        Accuracy? accuracy = null;
        int all = Environment.ProcessorCount;
        (string Name, int? Processor, int Threads)[] wanted = [("one processor", Machine.LastProcessor(), 1), ($"all {all} processors", null, all)];
        // One setting is enough to try whether all works. A machine of one processor has no other.
        foreach ((string name, int? processor, int threads) in wanted.Take(options.IsQuick || all == 1 ? 1 : 2))
        {
            Console.WriteLine($"With {name}: starting {contenders.Count} services, one after another ...");
            using Turns turns = new(contenders, processor, threads, picture, options);
            IReadOnlyList<double> starts = await turns.StartAsync();
            Console.WriteLine("  measuring them in turn ...");
            IReadOnlyList<Figures> figures = await turns.MeasureAsync(starts);
            using InProcess networks = new(options.Model, Path.Combine(options.Networks, "network.onnx"), threads);
            (double int8, double fp32) = networks.Measure(options.IsQuick);
            settings.Add(new Setting(name, figures, int8, fp32));
            foreach (Metric metric in Metric.All)
                Console.WriteLine($"  {metric.Title,-38} {string.Join(' ', figures.Select(entry => $"{metric.Text(entry),8}"))}");
            // The answers are the same with all processors.
            if (accuracy is null)
            {
                Console.WriteLine("  counting right answers ...");
                accuracy = await Accuracy.MeasureAsync(turns.Running, networks, options);
            }
        }
        ResultsPage.Write(options, date, load, settings, accuracy!);
        Console.WriteLine($"Written to {Path.Combine(options.Output, ResultsPage.Name)}");
    }
}
