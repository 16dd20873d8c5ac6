using System.CommandLine;

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
        ModelCommand.Create(),
        SlotsCommand.Create(),
        PlanogramCommand.Create(),
        OutboxCommand.Create(),
        ConfigCommand.Create(),
    };

    /// <returns>One of <see cref="ExitCodes"/>. Exceptions of a verb are not caught here.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        RootCommand root = Create();
        VersionText.AddRuntimeTo(root);
        ParseResult parsed = root.Parse(args.Length == 0 ? [RunCommand.Name] : args);
        // The service itself runs as the user that systemd gives it.
        if (parsed.CommandResult.Command.Name != RunCommand.Name)
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
}
