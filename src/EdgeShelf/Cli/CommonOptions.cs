using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>Options that several verbs share, and the objects that are made from them.</summary>
sealed class CommonOptions
{
    readonly Option<string?> _config = new("--config", "-c") { Description = $"Read this file instead of {ServiceDirectories.ConfigurationFile}.", HelpName = "FILE" };
    readonly Option<string[]> _set = new("--set") { Description = "Set one value, for example --set Capture:Interval=00:00:10. The option can be given several times.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    readonly Option<string?> _model = new("--model", "-m") { Description = "A model's name or folder. Default: the one in use, see `edgeshelf model list`.", HelpName = "MODEL" };
    readonly Option<int?> _threads = new("--threads", "-t") { Description = "Number of threads for one inference.", HelpName = "N" };

    public CommonOptions()
    {
        _set.CompletionSources.Add(Completion.Settings);
        _model.CompletionSources.Add(Completion.Models);
    }

    /// <summary>Adds --config and --set.</summary>
    public void AddConfigurationTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_set);
    }

    /// <summary>Adds --model and --threads in addition to --config and --set.</summary>
    public void AddModelTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_threads);
        AddConfigurationTo(command);
    }

    /// <summary>The given --config and --set, to be printed after another verb so that it applies to the same device. The text starts with a space unless it is empty.</summary>
    public string Arguments(ParseResult parsed) => string.Concat(
        (parsed.GetValue(_config) is { } file ? new[] { $" --config {ShellWord.Quote(Path.GetFullPath(file))}" } : [])
        .Concat((parsed.GetValue(_set) ?? []).Select(pair => $" --set {ShellWord.Quote(pair)}")));

    /// <summary>The file that --config names, or null.</summary>
    public string? ConfigurationFile(ParseResult parsed) => parsed.GetValue(_config);

    public IConfigurationRoot Configuration(ParseResult parsed) =>
        EdgeShelfConfiguration.Load(parsed.GetValue(_config), parsed.GetValue(_set) ?? []);

    public ModelsOptions Models(ParseResult parsed) =>
        ConfigurationCheck.Read<ModelsOptions>(Configuration(parsed), ModelsOptions.Section);

    /// <summary>The model in use according to the configuration and `model use`.</summary>
    public ActiveModel ActiveModel(ParseResult parsed)
    {
        VisionOptions vision = ConfigurationCheck.Read<VisionOptions>(Configuration(parsed), VisionOptions.Section);
        return new ActiveModel(Models(parsed), folder => RecognitionServices.Load(folder, vision));
    }

    /// <summary>The slots and the planogram of the device. The labels that the model knows are read from its folder without loading it.</summary>
    public PlanStore Plan(ParseResult parsed)
    {
        string state = ConfigurationCheck.Read<PlanOptions>(Configuration(parsed), PlanOptions.Section).State;
        if (Directory.Exists(state) && !Posix.MayRead(state))
            throw new EdgeShelfException($"You may not read {state}, where the slots and the planogram are.", "Run the command with sudo.");
        PlanStore plan = new(
            state,
            () => [.. LabelsFile.Read(Path.Combine(ActiveModel(parsed).Folder, ModelManifest.LabelsFileName)).Select(label => label.Label)],
            TimeProvider.System, NullLogger<PlanStore>.Instance);
        if (plan.ProblemText is { } problem)
            PlanFiles.Warn(parsed, [problem.TrimEnd('.')]);
        return plan;
    }

    /// <summary>The number that --threads gives, or null.</summary>
    public int? Threads(ParseResult parsed) => parsed.GetValue(_threads);

    /// <param name="threads">Number of threads for one inference. Default: --threads, else the configuration.</param>
    /// <exception cref="ConfigurationException">The model is missing or damaged.</exception>
    public LoadedModel Model(ParseResult parsed, int? threads = null)
    {
        IConfigurationRoot configuration = Configuration(parsed);
        VisionOptions vision = ConfigurationCheck.Read<VisionOptions>(configuration, VisionOptions.Section);
        vision.Threads = threads ?? Threads(parsed) ?? vision.Threads;
        if (vision.Threads < 1)
            throw new ConfigurationException($"--threads is {vision.Threads}; 1 or more is needed.", "Leave it out to use the processor's cores.");
        return RecognitionServices.Load(ModelCommand.FindFolder(parsed.GetValue(_model), Models(parsed)), vision);
    }
}
