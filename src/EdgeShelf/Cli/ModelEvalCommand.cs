using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Models.Making.Reporting;
using EdgeShelf.Shelf;
using Spectre.Console;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model eval`: measures how often a model is right on labelled pictures, and how well its confidence is calibrated.</summary>
static class ModelEvalCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> data = new("--data") { Description = "A list of labelled pictures with the columns path,class_id or path,label.", Required = true, HelpName = "LIST.csv" };
        Option<string?> root = new("--root") { Description = "Folder that relative paths in the list start from. Default: the list's folder.", HelpName = "DIR" };
        Option<string?> model = new("--model", "-m") { Description = "A model's name or folder. Default: the one in use.", HelpName = "MODEL" };
        Option<string?> fp32 = new("--fp32") { Description = "Also measure this FP32 network, for comparison.", HelpName = "MODEL.onnx" };
        Option<string?> report = new("--report") { Description = "Folder for an HTML report with the reliability diagram, the most confused products and the worst mistakes.", HelpName = "DIR" };
        Option<bool> risk = new("--risk-coverage") { Description = "Show the error rate when only the most confident answers are used." };
        Option<string?> strangers = new("--strangers") { Description = "A folder or a list of pictures of what the model does not know. Tells which share of them passes at the threshold that keeps 95 % of the known pictures.", HelpName = "DIR" };
        Option<bool> holdOut = new("--hold-out") { Description = "Tell the same without further pictures: a fifth of the classes is held out in turn. The network has seen them, so real strangers do worse." };
        Option<bool> json = new("--json") { Description = "Print one JSON document, for scripts. Rates are from 0 to 1." };
        Command command = new("eval", "Measure a model on labelled pictures: top-1, top-3 and calibration error, and the accuracy of each class.") { data, root, model, fp32, report, risk, strangers, holdOut, json };
        common.AddConfigurationTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            string folder = ModelCommand.FindFolder(parsed.GetValue(model), common.Models(parsed));
            using LoadedModel loaded = ModelFolder.Load(folder, threads: 1);
            IReadOnlyList<ListedPicture> pictures = PictureList.Read(parsed.GetRequiredValue(data), parsed.GetValue(root), loaded.Labels);
            IReadOnlyList<ListedPicture> foreign = parsed.GetValue(strangers) is { } foreignPath ? PictureList.ReadAny(foreignPath, root: null) : [];
            if (foreign.Count > 0 && parsed.GetValue(holdOut))
                throw new ConfigurationException("--strangers and --hold-out exclude each other.", "Leave one of them out.");
            if (parsed.GetValue(holdOut) && loaded.Labels.Count < 2)
                throw new ConfigurationException("--hold-out needs a model of two or more classes.", "Give pictures of strangers with --strangers.");
            List<Contestant> contestants = [Contestant.Of(folder, loaded.Manifest)];
            if (parsed.GetValue(fp32) is { } path)
                contestants.Add(ReadFloat32(path, loaded));

            IReadOnlyList<ScoredPicture[]> scores = TerminalProgress.Run(progress =>
            {
                using IStep step = progress.Begin("Classifying", pictures.Count);
                return Scorer.Score(pictures, contestants, step, cancellationToken);
            });
            IReadOnlyList<Judgement>[] judgements = [.. scores.Select(score => Judgement.All(score, loaded.Manifest.Temperature))];
            judgements[0] = [.. judgements[0].Zip(scores[0], (judgement, score) => judgement with { IsUnknown = loaded.IsUnknown(score.Features) })];
            Metrics[] metrics = [.. judgements.Select(Metrics.Of)];
            TextWriter output = parsed.InvocationConfiguration.Output;
            Strangers? measured = parsed.GetValue(holdOut) ? Strangers.HoldOut(loaded, scores[0]) : foreign.Count > 0 ? Strangers.Of(loaded, scores[0], ScoreStrangers(foreign, contestants[0], cancellationToken)) : null;
            if (parsed.GetValue(report) is { } reportFolder)
                EvaluationReport.Write(reportFolder, loaded, Path.GetFileName(parsed.GetRequiredValue(data)), judgements[0], measured);
            if (parsed.GetValue(json))
            {
                output.WriteLine(ToJson(metrics, measured));
                return Task.FromResult(ExitCodes.Fine);
            }

            Print(output, metrics, loaded.Labels);
            ReviewShare review = ReviewShare.Of(judgements[0], loaded.Manifest.Review);
            output.WriteLine($"At the model's thresholds {Percent(review.Review)} go to review; of the rest {Percent(review.Accuracy)} are right.");
            if (measured is not null)
                output.WriteLine(EvaluationReport.Sentence(measured));
            if (parsed.GetValue(risk))
                PrintRisk(output, RiskCoverage.Of(judgements[0]));
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    static ScoredPicture[] ScoreStrangers(IReadOnlyList<ListedPicture> pictures, Contestant contestant, CancellationToken cancellationToken) => TerminalProgress.Run(progress =>
    {
        using IStep step = progress.Begin("Classifying strangers", pictures.Count);
        return Scorer.Score(pictures, [contestant], step, cancellationToken)[0];
    });

    static Contestant ReadFloat32(string path, LoadedModel model)
    {
        FloatNetwork network = NetworkReader.Read(OnnxModelFile.Read(path));
        return network.Classes == model.Labels.Count
            ? new Contestant(model.Manifest.Input with { Name = FloatModel.Input, Type = "float32" }, new ModelOutputs { Features = null }, FloatModel.Write(network))
            : throw new ConfigurationException($"{path} has {network.Classes} classes and the model {model.Labels.Count}.", "Name the network that the model was made of.");
    }

    static string ToJson(Metrics[] metrics, Strangers? strangers)
    {
        JsonObject document = new() { ["images"] = metrics[0].Images, ["int8"] = Rates(metrics[0]) };
        if (metrics.Length > 1)
            document["fp32"] = Rates(metrics[1]);
        if (strangers is not null)
        {
            document["strangers"] = new JsonObject
            {
                ["images"] = strangers.Images,
                ["accepted_at_95"] = Math.Round(strangers.Accepted, 6),
                ["threshold"] = Math.Round(strangers.Threshold, 6),
                ["by"] = strangers.By,
            };
        }
        return document.ToJsonString();

        static JsonObject Rates(Metrics metrics) => new()
        {
            ["top1"] = Math.Round(metrics.Top1, 6),
            ["top3"] = Math.Round(metrics.Top3, 6),
            ["ece"] = Math.Round(metrics.Ece, 6),
        };
    }

    static void Print(TextWriter output, Metrics[] metrics, IReadOnlyList<ClassLabel> labels)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        string[] names = metrics.Length > 1 ? ["INT8", "FP32"] : ["INT8"];
        Table classes = new Table().Title("By class, worst first").AddColumn("class").AddColumn("pictures", column => column.RightAligned());
        foreach (string column in names.SelectMany(name => new[] { $"{name} top-1", $"{name} top-3" }))
            classes.AddColumn(column, settings => settings.RightAligned());
        foreach (ClassMetrics row in metrics[0].Classes.OrderBy(row => row.Top1).ThenBy(row => row.Class))
        {
            ClassMetrics[] both = [.. metrics.Select(entry => entry.Classes.First(other => other.Class == row.Class))];
            classes.AddRow([Markup.Escape(labels[row.Class].Label), $"{row.Images}", .. both.SelectMany(entry => new[] { Percent(entry.Top1), Percent(entry.Top3) })]);
        }

        console.Write(classes);
        Table total = new Table().AddColumn($"{metrics[0].Images} pictures");
        foreach (string column in new[] { "top-1", "top-3", "calibration error" })
            total.AddColumn(column, settings => settings.RightAligned());
        for (int index = 0; index < metrics.Length; index++)
            total.AddRow(names[index], Percent(metrics[index].Top1), Percent(metrics[index].Top3), Percent(metrics[index].Ece));
        console.Write(total);
    }

    static void PrintRisk(TextWriter output, RiskCoverage curve)
    {
        output.WriteLine("answered   wrong among them   least confidence");
        for (int tenths = 10; tenths >= 1; tenths--)
        {
            RiskPoint point = curve.At(tenths / 10.0);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Percent(point.Coverage),9} {Percent(point.Risk),17} {point.Confidence,18:0.000}"));
        }
    }

    static string Percent(double rate) => (rate * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}
