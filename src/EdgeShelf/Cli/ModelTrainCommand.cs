using System.CommandLine;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model train`: a model for one's own products from a folder of pictures.</summary>
static class ModelTrainCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> data = new("--data") { Description = "A folder with one folder of pictures for each class, named as its label.", Required = true, HelpName = "FOLDER" };
        Option<string> name = new("--name") { Description = "The new model's name.", Required = true, HelpName = "NAME" };
        Option<string> version = new("--version") { Description = "The new model's version.", DefaultValueFactory = _ => "1.0.0", HelpName = "VERSION" };
        Option<string?> origin = new("--base") { Description = "The model whose features are used: a name or folder. Default: the one in use.", HelpName = "MODEL" };
        Option<string?> output = new("--output", "-o") { Description = "The model folder to write. Default: among this device's trained models.", HelpName = "DIR" };
        Command command = new("train", "Learn a last layer for your own products: minutes on any computer, no GPU.") { data, name, version, origin, output };
        common.AddConfigurationTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            ModelsOptions models = common.Models(parsed);
            string folder = parsed.GetValue(output) ?? Path.Combine(models.Trained, PlainName(parsed.GetRequiredValue(name)));
            TextWriter text = parsed.InvocationConfiguration.Output;
            TrainingSet set = TrainingSet.Read(parsed.GetRequiredValue(data));
            foreach (string note in set.Notes)
                text.WriteLine(note);
            TrainingReport report = TerminalProgress.Run(progress => HeadTrainer.Train(
                set, ModelCommand.FindFolder(parsed.GetValue(origin), models), folder, parsed.GetRequiredValue(name), parsed.GetValue(version)!, 0.95, progress, cancellationToken));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Manifest.Name} {report.Manifest.Version} is in {folder}: {set.Labels.Count} classes from {set.Pictures.Count} pictures."));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"On pictures that it did not learn from: top-1 {report.Metrics.Top1 * 100:0.0} %, top-3 {report.Metrics.Top3 * 100:0.0} %, calibration error {report.Metrics.Ece * 100:0.0} %; {report.Review.Review * 100:0} % go to review, of the rest {report.Review.Accuracy * 100:0.0} % are right."));
            text.WriteLine($"Put it in use with `edgeshelf model use {Path.GetFileName(folder)}`.");
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    static string PlainName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && name[0] != '.'
        ? name
        : throw new ConfigurationException($"--name is \"{name}\"; letters, digits, - and _ are allowed.", "Choose another name.");
}
