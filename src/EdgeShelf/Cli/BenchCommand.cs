using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Models;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf bench`: measures how long one picture takes on this machine, stage by stage.</summary>
static class BenchCommand
{
    const int WarmUps = 10;

    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string?> image = new("IMAGE") { Description = "A JPEG or PNG. Default: the demo's first picture.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> runs = new("--runs", "-n") { Description = "Number of runs to measure.", DefaultValueFactory = _ => 100, HelpName = "N" };
        Option<bool> json = new("--json") { Description = "Print one JSON document, for scripts." };
        Command command = new("bench", "Measure each stage of one picture many times, and print median and percentiles, threads and memory.") { image, runs, json };
        common.AddModelTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            int count = parsed.GetValue(runs);
            if (count is < 1 or > 1_000_000)
                throw new ConfigurationException($"--runs is {count}; allowed are 1 to 1000000.", "100 is enough for a median.");
            Frame frame = PictureFiles.Read(parsed.GetValue(image) ?? DemoCommand.SamplePictures()[0]) with { CaptureTime = TimeSpan.Zero };
            using LoadedModel model = common.Model(parsed);
            using ActiveModel models = ActiveModel.Of(model);
            BenchStages stages = new(models, frame);
            for (int i = 0; i < WarmUps; i++)
                stages.Run();

            BenchRun[] measured = new BenchRun[count];
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                measured[i] = stages.Run();
            }

            ImageInfo size = measured[0].Image;
            BenchReport report = new(
                frame.Name!, size.Width, size.Height, model.Info.Name, model.Threads, count,
                Percentiles.Of(measured, run => run.Hash), Percentiles.Of(measured, run => run.Check), Percentiles.Of(measured, run => run.Decode),
                Percentiles.Of(measured, run => run.Preprocess), Percentiles.Of(measured, run => run.Quality), Percentiles.Of(measured, run => run.Signature),
                Percentiles.Of(measured, run => run.Inference), Percentiles.Of(measured, run => run.Total), Percentiles.Of(measured, run => run.Thumbnail),
                measured.Select(run => run.AllocatedBytes).Order().ElementAt(count / 2), stages.PixelsSha256(), Math.Round(Environment.WorkingSet / 1e6, 1));
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(report, ResultDocument.Json));
            else
                Print(parsed.InvocationConfiguration.Output, report);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    static void Print(TextWriter output, BenchReport report)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(invariant, $"{report.Picture}, {report.Width} x {report.Height}; {report.Model}; {report.Threads} threads; {report.Runs} runs; {report.RssMb:0} MB resident"));
        output.WriteLine("milliseconds      min   median      p90      p99      max");
        foreach ((string stage, Percentiles time) in report.Stages)
            output.WriteLine(string.Create(invariant, $"{stage,-12} {time.Min,8:0.00} {time.Median,8:0.00} {time.P90,8:0.00} {time.P99,8:0.00} {time.Max,8:0.00}"));
        output.WriteLine(string.Create(invariant, $"Of decode, check reads the JPEG for damage. The thumbnail is not a part of the total. {report.AllocatedBytes} bytes of managed memory a picture."));
    }

    /// <summary>Percentiles of the measured times, in milliseconds.</summary>
    sealed record Percentiles(double Min, double Median, double P90, double P99, double Max)
    {
        public static Percentiles Of(IEnumerable<BenchRun> runs, Func<BenchRun, TimeSpan> stage)
        {
            double[] sorted = [.. runs.Select(run => stage(run).TotalMilliseconds).Order()];
            // Nearest-rank percentile.
            double At(double share) => Math.Round(sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)], 3);
            return new Percentiles(At(0), At(0.5), At(0.9), At(0.99), At(1));
        }
    }

    /// <summary>The shape of `--json`. The fields are fixed; new ones may be added.</summary>
    sealed record BenchReport(
        string Picture, int Width, int Height, string Model, int Threads, int Runs, Percentiles Hash, Percentiles Check, Percentiles Decode, Percentiles Preprocess,
        Percentiles Quality, Percentiles Signature, Percentiles Inference, Percentiles Total, Percentiles Thumbnail, long AllocatedBytes,
        [property: JsonPropertyName("pixels_sha256")] string PixelsSha256, double RssMb)
    {
        [JsonIgnore]
        public IEnumerable<(string Name, Percentiles Time)> Stages =>
        [
            ("hash", Hash), ("decode", Decode), (" check", Check), ("preprocess", Preprocess), ("quality", Quality), ("signature", Signature),
            ("inference", Inference), ("total", Total), ("thumbnail", Thumbnail),
        ];
    }
}
