using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>The verbs of `edgeshelf`. Each verb is one file in this folder.</summary>
static class CommandLine
{
    public static RootCommand Create() => new("EdgeShelf tells a store's backend over MQTT what a shelf camera sees.\nWithout a verb it does `run`. Try `edgeshelf demo` first.")
    {
        RunCommand.Create(),
        DemoCommand.Create(),
        ClassifyCommand.Create(),
        BenchCommand.Create(),
        DoctorCommand.Create(),
        SetupCommand.Create(),
        PairCommand.Create(),
        CameraCommand.Create(),
        ModelCommand.Create(),
        SlotsCommand.Create(),
        PlanogramCommand.Create(),
        ShelfCommand.Create(),
        TeachCommand.Create(),
        ProductCommand.Create(),
        ReviewCommand.Create(),
        FleetCommand.Create(),
        OutboxCommand.Create(),
        ConfigCommand.Create(),
    };

    // An argument that begins with @ is a name like any other, and not a file with further arguments.
    static readonly ParserConfiguration Plain = new() { ResponseFileTokenReplacer = null };

    /// <returns>One of <see cref="ExitCodes"/>. Exceptions of a verb are not caught here.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        RootCommand root = Create();
        VersionText.AddRuntimeTo(root);
        NumberWords.AddTo(root);
        ParseResult parsed = root.Parse(args.Length == 0 ? [RunCommand.Name] : args, Plain);
        RefuseEmptyNames(parsed);
        if (parsed.Errors.Count == 0 && !args.Contains("--"))
            RefuseUnknownOptions(parsed);
        // The service itself runs as the user that systemd gives it. `setup` writes the settings as root, and leaves to other verbs what root should not do.
        if (parsed.CommandResult.Command.Name is not (RunCommand.Name or SetupCommand.Name))
            StateOwner.Become(parsed);
        int exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = output,
            Error = errors,
            // After a signal the parser ends the process itself, but only after the service has had time to stop and to release its camera.
            ProcessTerminationTimeout = EdgeShelfHost.StopWithin + TimeSpan.FromSeconds(6),
        });
        return parsed.Errors.Count > 0 ? ExitCodes.BadUsage : exitCode;
    }

    /// <summary>Refuses an empty file name or label, which is what a script's variable gives that is not set. An empty name or number of a product removes it.</summary>
    static void RefuseEmptyNames(ParseResult parsed)
    {
        SymbolResult? empty = parsed.CommandResult.Children.FirstOrDefault(result => result.Tokens.Any(token => token.Value.Length == 0)
            && result is ArgumentResult or OptionResult { Option.Name: not ("--name" or "--sku" or "--gtin") });
        if (empty is not null)
            throw new ConfigurationException($"{(empty is OptionResult option ? option.Option.Name : "A name")} is empty.", "Name a file, a folder or a label. A variable that is not set gives an empty name.");
    }

    /// <summary>Refuses an unknown option where the verb also takes names: the parser takes it for one of them.</summary>
    static void RefuseUnknownOptions(ParseResult parsed)
    {
        string? unknown = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .Where(result => result.Argument.ValueType == typeof(string) || result.Argument.ValueType == typeof(string[]))
            .SelectMany(result => result.Tokens).Select(token => token.Value).FirstOrDefault(value => value is ['-', _, ..]);
        if (unknown is not null)
            throw new ConfigurationException(
                $"There is no option {unknown}.", $"`{CommandLineOf(parsed.CommandResult)} --help` describes the options. A name that begins with a dash goes behind `--`.");
    }

    static string CommandLineOf(CommandResult verb) => verb.Parent is CommandResult parent ? $"{CommandLineOf(parent)} {verb.Command.Name}" : "edgeshelf";
}
