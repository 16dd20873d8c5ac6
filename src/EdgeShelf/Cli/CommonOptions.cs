using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Cli;

/// <summary>Options that several verbs share, and what they stand for.</summary>
sealed class CommonOptions
{
    readonly Option<string?> _config = new("--config", "-c") { Description = $"Read this file instead of {ServiceDirectories.ConfigurationFile}.", HelpName = "FILE" };
    readonly Option<string[]> _set = new("--set") { Description = "Set one value, for example --set Capture:Interval=00:00:10. May be given several times.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    readonly Option<string?> _model = new("--model", "-m") { Description = "A model's name or folder. Default: the one in use, see `edgeshelf model list`.", HelpName = "MODEL" };
    readonly Option<int?> _threads = new("--threads", "-t") { Description = "Threads of one inference.", HelpName = "N" };

    /// <summary>--config and --set.</summary>
    public void AddConfigurationTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_set);
    }

    /// <summary>--model and --threads, beside --config and --set.</summary>
    public void AddModelTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_threads);
        AddConfigurationTo(command);
    }

    /// <summary>--config and --set as they were given, to be printed behind another verb that shall mean the same device; starts with a space where there are any.</summary>
    public string Arguments(ParseResult parsed) => string.Concat(
        (parsed.GetValue(_config) is { } file ? new[] { $" --config {ShellWord.Quote(Path.GetFullPath(file))}" } : [])
        .Concat((parsed.GetValue(_set) ?? []).Select(pair => $" --set {ShellWord.Quote(pair)}")));

    /// <summary>What --config names, or null.</summary>
    public string? ConfigurationFile(ParseResult parsed) => parsed.GetValue(_config);

    public IConfigurationRoot Configuration(ParseResult parsed) =>
        EdgeShelfConfiguration.Load(parsed.GetValue(_config), parsed.GetValue(_set) ?? []);

    public ModelsOptions Models(ParseResult parsed) =>
        ConfigurationCheck.Read<ModelsOptions>(Configuration(parsed), ModelsOptions.Section);

    /// <summary>Which model is in use, as the configuration and `model use` say.</summary>
    public ActiveModel ActiveModel(ParseResult parsed)
    {
        VisionOptions vision = ConfigurationCheck.Read<VisionOptions>(Configuration(parsed), VisionOptions.Section);
        return new ActiveModel(Models(parsed), folder => RecognitionServices.Load(folder, vision));
    }

    /// <exception cref="ConfigurationException">The model is missing or damaged.</exception>
    public LoadedModel Model(ParseResult parsed)
    {
        IConfigurationRoot configuration = Configuration(parsed);
        VisionOptions vision = ConfigurationCheck.Read<VisionOptions>(configuration, VisionOptions.Section);
        vision.Threads = parsed.GetValue(_threads) ?? vision.Threads;
        if (vision.Threads < 1)
            throw new ConfigurationException($"--threads is {vision.Threads}; 1 or more is needed.", "Leave it out to use the processor's cores.");
        return RecognitionServices.Load(ModelCommand.FindFolder(parsed.GetValue(_model), Models(parsed)), vision);
    }
}
