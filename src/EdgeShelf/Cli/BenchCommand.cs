using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Platform;
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
        Option<bool> line = new("--report") { Description = "Print one line with the board, the system and the figures, to be pasted into an issue." };
        Option<bool> tune = new("--tune") { Description = "Measure different numbers of threads and sizes of batches instead, and print what to set." };
        Command command = new("bench", "Measure each stage of one picture many times, and print median and percentiles, threads and memory.") { image, runs, json, line, tune };
        common.AddModelTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            int count = parsed.GetValue(runs);
            if (count is < 1 or > 1_000_000)
                throw new ConfigurationException($"--runs is {count}; allowed are 1 to 1000000.", "100 is enough for a median.");
            if (new[] { json, line, tune }.Count(parsed.GetValue) > 1)
                throw new ConfigurationException("--json, --report and --tune exclude each other.", "Run the command once for each of them.");
            Frame frame = PictureFiles.Read(parsed.GetValue(image) ?? DemoCommand.SamplePictures()[0]) with { CaptureTime = TimeSpan.Zero };
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(tune))
            {
                if (common.Threads(parsed) is not null)
                    throw new ConfigurationException("--tune tries numbers of threads by itself, so --threads is not allowed.", "Leave --threads out.");
                BenchTuning.Run(parsed, common, frame, count, output, cancellationToken);
                return Task.FromResult(ExitCodes.Fine);
            }
            BenchReport report = Measure(common.Model(parsed), frame, count, cancellationToken);
            if (parsed.GetValue(line))
                output.WriteLine(BenchReportLine.Of(report, Board.Read(), Throttling.Read(), Thermometer.Read()));
            else if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(report, CliJson.Wire.BenchReport));
            else
                Print(output, report);
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    /// <summary>Measures a model, and disposes of it.</summary>
    static BenchReport Measure(LoadedModel loaded, Frame frame, int count, CancellationToken cancellationToken)
    {
        using LoadedModel model = loaded;
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
        return new BenchReport(
            frame.Name!, size.Width, size.Height, model.Info.Name, model.Threads, count,
            Percentiles.Of(measured, run => run.Hash), Percentiles.Of(measured, run => run.Check), Percentiles.Of(measured, run => run.Decode),
            Percentiles.Of(measured, run => run.Preprocess), Percentiles.Of(measured, run => run.Quality), Percentiles.Of(measured, run => run.Signature),
            Percentiles.Of(measured, run => run.Inference), Percentiles.Of(measured, run => run.Total), Percentiles.Of(measured, run => run.Thumbnail),
            measured.Select(run => run.AllocatedBytes).Order().ElementAt(count / 2), stages.PixelsSha256(), Math.Round(Environment.WorkingSet / 1e6, 1), model.Info.Version);
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
}
