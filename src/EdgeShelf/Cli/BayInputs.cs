using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>The options --slots, --planogram and --examples, and what the verbs read by them.</summary>
sealed class BayInputs(CommonOptions common)
{
    readonly Option<string?> _slots = new("--slots") { Description = "Where the places are: a table (.csv) or a document (.json).", HelpName = "FILE" };
    readonly Option<string?> _planogram = new("--planogram") { Description = "What belongs in them: a table (.csv) or a document (.json). Default: the column label of the slots, else the device's planogram.", HelpName = "FILE" };
    readonly Option<string?> _examples = new("--examples") { Description = "What products look like: a folder with a folder of crops for each label; `empty` holds places without goods. Default: the device's examples.", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        command.Options.Add(_slots);
        command.Options.Add(_planogram);
        command.Options.Add(_examples);
    }

    /// <summary>Whether --slots is given.</summary>
    public bool HasSlots(ParseResult parsed) => parsed.GetValue(_slots) is not null;

    /// <summary>The options that have no meaning without --slots and are given, or null.</summary>
    public string? GivenWithoutSlots(ParseResult parsed) =>
        HasSlots(parsed) ? null : parsed.GetValue(_planogram) is not null ? _planogram.Name : parsed.GetValue(_examples) is not null ? _examples.Name : null;

    /// <summary>Reads what the options name, and the device's own documents for the rest. What is probably not meant is printed as a warning.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read, or there are no slots.</exception>
    /// <exception cref="EdgeShelfException">A document is not valid; each problem is named.</exception>
    /// <param name="isJudging">Whether the verb is about verdicts, which need to know what is expected.</param>
    public BayInput Read(ParseResult parsed, LoadedModel model, bool isJudging)
    {
        SlotsDocument? given = parsed.GetValue(_slots) is { } file ? ReadSlots(file) : null;
        PlanStore? device = null;
        PlanStore Device() => device ??= common.Plan(parsed);
        SlotMap slots = given?.Map ?? Device().Slots;
        if (slots.IsEmpty)
            throw new ConfigurationException(given is null ? "This device has no slots." : $"{parsed.GetValue(_slots)} has no slots.", "Name a file with --slots, or set slots with `edgeshelf slots set FILE`.");
        PlanogramDocument? named = parsed.GetValue(_planogram) is { } plan ? ReadPlanogram(plan) : null;
        Planogram? planogram = named?.Planogram ?? given?.PlanogramOfLabels() ?? Device().Planogram;
        ExampleSet examples = parsed.GetValue(_examples) is { } folder
            ? TerminalProgress.Run(progress => ExampleFolder.Read(folder, model, progress))
            : ExamplesOfDevice(parsed, model);
        PlanFiles.Warn(parsed, [.. given?.Notes ?? [], .. named?.Notes ?? [], .. planogram is null
            ? isJudging ? ["nothing is expected in any slot, so there are no verdicts; give --planogram"] : Array.Empty<string>()
            : PlanogramRules.ProblemsHere(planogram, slots, [.. examples.Examples.Select(example => example.Label), .. model.Labels.Select(label => label.Label)])]);
        return new BayInput(new BayPlan(slots, planogram, examples), given is null ? Device().ReferencePicture() : null);
    }

    /// <summary>The examples that were taught on the device and whose descriptors the model made.</summary>
    ExampleSet ExamplesOfDevice(ParseResult parsed, LoadedModel model)
    {
        IConfigurationRoot configuration = common.Configuration(parsed);
        string state = ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State;
        TaughtProducts taught = new();
        // Opening the store would make an empty one.
        if (!File.Exists(Path.Combine(state, ExampleStore.FileName)))
            return taught.Now;
        using ExampleStore store = new(
            state, ConfigurationCheck.Read<TeachingOptions>(configuration, TeachingOptions.Section), TimeProvider.System, () => model.DescriptorSource, taught, NullLogger<ExampleStore>.Instance);
        store.Open();
        if (store.Pending is > 0 and int pending)
            PlanFiles.Warn(parsed, [$"{pending} of the examples were described by another model and are not used; a running service describes them anew"]);
        return taught.Now;
    }

    static SlotsDocument ReadSlots(string path) => PlanFiles.Listing(path, () => PlanFiles.IsTable(path) ? SlotsCsv.Read(PlanFiles.Read(path), path) : SlotsDocument.Parse(PlanFiles.Read(path)));

    static PlanogramDocument ReadPlanogram(string path) => PlanFiles.Listing(path, () => PlanFiles.IsTable(path)
        ? PlanogramCsv.Read(PlanFiles.Read(path), path, Path.GetFileNameWithoutExtension(path), "1", null)
        : PlanogramDocument.Parse(PlanFiles.Read(path)));
}

/// <param name="Plan">The slots, what belongs there, and what products look like.</param>
/// <param name="Reference">The bytes of the device's reference picture if its slots are used and it has one, or null.</param>
sealed record BayInput(BayPlan Plan, byte[]? Reference);
