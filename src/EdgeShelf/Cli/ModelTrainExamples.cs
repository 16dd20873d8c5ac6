using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Teaching.Training;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model train --examples`: trains on what was taught at the shelf, and puts the model in use if it is better than likeness.</summary>
static class ModelTrainExamples
{
    const string LockFileName = "training.lock";

    /// <param name="place">Where the model goes, and its name.</param>
    /// <param name="data">A folder with further pictures, or null.</param>
    /// <param name="origin">Name or folder of the base, or null for the model in use.</param>
    /// <param name="mayUse">Whether a better model is put in use. Otherwise the model is written in any case.</param>
    public static int Run(
        ParseResult parsed, CommonOptions common, (string Folder, string Name) place, string version, string? data, string? origin, bool onlyTaught, bool mayUse, bool json, CancellationToken cancellationToken)
    {
        IConfigurationRoot configuration = common.Configuration(parsed);
        string state = ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State;
        TextWriter output = parsed.InvocationConfiguration.Output;
        using TeachingBench bench = TeachingBench.Open(parsed, common, needsModel: false);
        using FileStream only = Lock(state);
        using ActiveModel models = common.ActiveModel(parsed);
        string before = models.Name;
        ExampleState taught = bench.Store.Now;
        List<TrainingPicture> pictures = [.. TrainingPicture.Of(bench.Store)];
        List<string> notes = [];
        if (data is not null)
        {
            TrainingSet set = TrainingSet.Read(data, fewestClasses: 1);
            notes.AddRange(set.Notes);
            pictures.AddRange(TrainingPicture.Of(set));
        }
        TrainingRequest request = new(
            pictures, ModelCommand.FindFolder(origin, common.Models(parsed)), place.Folder, place.Name, version,
            ConfigurationCheck.Read<PlanogramOptions>(configuration, PlanogramOptions.Section).Thresholds, label => taught.Products.GetValueOrDefault(label), TimeProvider.System.GetUtcNow())
        {
            OnlyTaught = onlyTaught,
            WriteAnyway = !mayUse,
        };
        TrainingOutcome outcome = json
            ? ExampleTrainer.Train(request, new ProgressLines(output, ExampleTrainer.Steps), cancellationToken)
            : TerminalProgress.Run(progress => ExampleTrainer.Train(request, progress, cancellationToken));
        outcome = outcome with { Notes = [.. notes, .. outcome.Notes] };
        if (mayUse && outcome.Model is { } made)
            outcome = Use(models, made, before, outcome);
        outcome.Write(state);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(outcome, TeachingJson.Wire.TrainingOutcome));
        }
        else
        {
            foreach (string line in Lines(outcome, place.Folder))
                output.WriteLine(line);
        }
        return ExitCodes.Fine;
    }

    /// <summary>Puts the model in use, unless another one came into use during the training.</summary>
    static TrainingOutcome Use(ActiveModel models, string made, string before, TrainingOutcome outcome)
    {
        if (models.Name != before)
            return outcome with { Notes = [.. outcome.Notes, $"{models.Name} came into use during the training, so {made} was not put in use. `edgeshelf model use {made}` does it."] };
        models.Use(made);
        return outcome with { IsUsed = true };
    }

    static FileStream Lock(string state)
    {
        string path = Path.Combine(state, LockFileName);
        try
        {
            // The system releases the lock when the process ends, however it ends.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem)
        {
            throw new EdgeShelfException($"Another training is running, or {path} cannot be opened: {problem.Message}", "Wait until it has ended, and run the command again.", problem);
        }
    }

    static IEnumerable<string> Lines(TrainingOutcome outcome, string folder)
    {
        foreach (string note in outcome.Notes)
            yield return note;
        yield return string.Create(CultureInfo.InvariantCulture, $"Learned {outcome.Products} products from {outcome.Examples} examples. Each of {outcome.Judged} was left out together with its neighbours and named by what the others teach:");
        yield return string.Create(CultureInfo.InvariantCulture, $"The trained model names {Share(outcome.Right, outcome.Judged)} right, likeness alone {Share(outcome.RightByLikeness, outcome.Judged)}; {outcome.OnlyModel} only the model, {outcome.OnlyLikeness} only likeness.");
        if (outcome.Present is { } present)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Of {present.Judged} examples whose label {present.Name} knows, its own classes name {present.Right} right and the new model's {present.NewRight}. The old model may have learned from them.");
        }
        yield return outcome switch
        {
            { IsUsed: true } => $"It is better (chance {Number(outcome.Chance)}), so {outcome.Model} is in use from the next picture on. `edgeshelf model rollback` takes it back.",
            { IsBetter: true, Model: not null } => $"It is better (chance {Number(outcome.Chance)}). It is in {folder} and not in use.",
            { Model: not null } => $"It is not surely better (chance {Number(outcome.Chance)}; at most {Number(PairedTest.MaxChance)} is needed). It is in {folder} and not in use.",
            _ => $"It is not surely better (chance {Number(outcome.Chance)}; at most {Number(PairedTest.MaxChance)} is needed), so nothing was kept and nothing has changed.",
        };
    }

    static string Share(int right, int of) => string.Create(CultureInfo.InvariantCulture, $"{right} ({(of == 0 ? 0 : 100.0 * right / of):0.#} %)");

    static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
