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
    /// <summary>The name of models that are trained from examples, if none is given.</summary>
    const string DefaultName = "shelf";

    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> data = new("--data") { Description = "A folder with one subfolder of pictures for each class; the subfolder's name is the label.", HelpName = "FOLDER" };
        Option<string> name = new("--name") { Description = "The new model's name. Among this device's trained models it gets the next free number, for example NAME-0001. Required, except with --examples, where the default is `shelf`.", HelpName = "NAME" };
        Option<bool> examples = new("--examples") { Description = "Train on what was taught at the shelf, and on --data if it is given. The model is kept and put in use only if it names left-out examples better than likeness does." };
        Option<bool> onlyTaught = new("--only-taught") { Description = "With --examples: leave out the labels of the base model." };
        Option<bool> json = new("--json") { Description = "With --examples: print progress and the figures as lines of JSON, for scripts." };
        Option<bool> untilInputEnds = new("--until-input-ends") { Description = "Stop when standard input ends. The service uses it, so that a training ends with it.", Hidden = true };
        Option<string> version = new("--version") { Description = "The new model's version.", DefaultValueFactory = _ => "1.0.0", HelpName = "VERSION" };
        Option<string?> origin = new("--base") { Description = "Name or folder of the model whose features are used. Default: the one in use.", HelpName = "MODEL" };
        Option<bool> add = new("--add") { Description = "Keep the products of the base model, which must have been made by `model train`, and add the new ones." };
        Option<string?> output = new("--output", "-o") { Description = "The model folder to write. It must not exist yet. Default: NAME-0001 and so on among this device's trained models. When root runs this command, it reads and writes as the owner of the state folder.", HelpName = "DIR" };
        Command command = new("train", "Train the last layer for your own products. This takes minutes on any computer and needs no GPU. Without --examples the model in use does not change.") { data, name, version, origin, add, output, examples, onlyTaught, json, untilInputEnds };
        common.AddConfigurationTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            ModelsOptions models = common.Models(parsed);
            if (parsed.GetValue(examples))
            {
                (string, string) place = Place(parsed.GetValue(output), ModelName.OfTrained(parsed.GetValue(name) ?? DefaultName, name.Name), models, output.Name);
                ModelWriter.CheckPlace(place.Item1);
                using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                if (parsed.GetValue(untilInputEnds))
                    _ = Task.Run(() => EndWithInputAsync(ended), CancellationToken.None);
                return Task.FromResult(ModelTrainExamples.Run(
                    parsed, common, place, parsed.GetValue(version)!, parsed.GetValue(data), parsed.GetValue(origin), parsed.GetValue(onlyTaught), mayUse: parsed.GetValue(output) is null,
                    parsed.GetValue(json), ended.Token));
            }
            if (parsed.GetValue(data) is not { } dataFolder || parsed.GetValue(name) is null)
                throw new ConfigurationException("--data and --name are needed.", "Name a folder with one folder of pictures for each class and the new model, or train on what was taught with --examples.");
            if (parsed.GetValue(onlyTaught) || parsed.GetValue(json))
                throw new ConfigurationException("--only-taught and --json go with --examples.", "Leave them out, or add --examples.");
            (string folder, string modelName) = Place(parsed.GetValue(output), ModelName.OfTrained(parsed.GetRequiredValue(name), name.Name), models, output.Name);
            ModelWriter.CheckPlace(folder);
            string baseFolder = ModelCommand.FindFolder(parsed.GetValue(origin), models);
            TextWriter text = parsed.InvocationConfiguration.Output;
            TrainingSet set = TrainingSet.Read(dataFolder, parsed.GetValue(add) ? 1 : 2);
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

    /// <summary>Cancels the work when nobody holds the other end of standard input any more.</summary>
    static async Task EndWithInputAsync(CancellationTokenSource work)
    {
        byte[] buffer = new byte[256];
        await using Stream input = Console.OpenStandardInput();
        while (await input.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Nothing is expected on this pipe but its end.
        }
        try
        {
            await work.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The training ended first.
        }
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
