using System.CommandLine;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model train`: makes a model for your own products from a folder of pictures.</summary>
static class ModelTrainCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> data = new("--data") { Description = "A folder with one subfolder of pictures for each class; the subfolder's name is the label.", Required = true, HelpName = "FOLDER" };
        Option<string> name = new("--name") { Description = "The new model's name. Among this device's trained models it gets the next free number, for example NAME-0001.", Required = true, HelpName = "NAME" };
        Option<string> version = new("--version") { Description = "The new model's version.", DefaultValueFactory = _ => "1.0.0", HelpName = "VERSION" };
        Option<string?> origin = new("--base") { Description = "Name or folder of the model whose features are used. Default: the one in use.", HelpName = "MODEL" };
        Option<bool> add = new("--add") { Description = "Keep the products of the base model, which must have been made by `model train`, and add the new ones." };
        Option<string?> output = new("--output", "-o") { Description = "The model folder to write. It must not exist yet. Default: NAME-0001 and so on among this device's trained models. When root runs this command, it reads and writes as the owner of the state folder.", HelpName = "DIR" };
        Command command = new("train", "Train the last layer for your own products. This takes minutes on any computer and needs no GPU. The model in use does not change.") { data, name, version, origin, add, output };
        common.AddConfigurationTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            ModelsOptions models = common.Models(parsed);
            (string folder, string modelName) = Place(parsed.GetValue(output), ModelName.OfTrained(parsed.GetRequiredValue(name), name.Name), models, output.Name);
            ModelWriter.CheckPlace(folder);
            string baseFolder = ModelCommand.FindFolder(parsed.GetValue(origin), models);
            TextWriter text = parsed.InvocationConfiguration.Output;
            TrainingSet set = TrainingSet.Read(parsed.GetRequiredValue(data), parsed.GetValue(add) ? 1 : 2);
            foreach (string note in set.Notes)
                text.WriteLine(note);
            (TrainingReport report, ModelComparison? comparison) = TerminalProgress.Run(progress =>
            {
                TrainingReport made = HeadTrainer.Train(set, baseFolder, folder, modelName, parsed.GetValue(version)!, 0.95, progress, cancellationToken, parsed.GetValue(add));
                return (made, Compare(models, made, progress, cancellationToken));
            });
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Manifest.Name} {report.Manifest.Version} is in {folder}: {report.Labels.Count} classes from {report.Judgements.Count} pictures."));
            foreach (string line in TrainingText.Lines(report, comparison))
                text.WriteLine(line);
            text.WriteLine($"Nothing has changed on the device yet. Put it in use with `{UseCommand(folder, models, common.Arguments(parsed))}`.");
            return Task.FromResult(ExitCodes.Fine);
        });
        return command;
    }

    /// <returns>Null when the model in use is missing or damaged, because that must not make the training fail.</returns>
    static ModelComparison? Compare(ModelsOptions models, TrainingReport report, IStepProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return ModelComparison.Of(ModelCommand.FindFolder(null, models), report, progress, cancellationToken);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>Among the trained models the folder's name is the model's name; with a folder elsewhere, the model gets the requested name.</summary>
    static (string Folder, string Name) Place(string? output, string name, ModelsOptions models, string option)
    {
        if (output is null)
        {
            string numbered = ModelName.Next(models.Trained, name);
            return (Path.Combine(models.Trained, numbered), numbered);
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        ModelName.OfTrained(Path.GetFileName(folder), $"The last part of {option}");
        return (folder, IsTrained(folder, models) ? Path.GetFileName(folder) : name);
    }

    /// <summary>`model use` finds models by their folder names among the trained ones, so a model from another place must first be copied there.</summary>
    static string UseCommand(string folder, ModelsOptions models, string arguments)
    {
        string trained = Path.GetFullPath(models.Trained);
        string use = $"edgeshelf model use {Path.GetFileName(folder)}{arguments}";
        return IsTrained(folder, models)
            ? use
            : $"mkdir -p {ShellWord.Quote(trained)} && cp -an {ShellWord.Quote(folder)} {ShellWord.Quote(trained)} && {use}";
    }

    static bool IsTrained(string folder, ModelsOptions models) =>
        Path.GetDirectoryName(Path.GetFullPath(folder)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(models.Trained));
}
