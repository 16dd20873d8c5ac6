using System.CommandLine;

namespace EdgeShelf.Cli;

/// <summary>The verbs of `edgeshelf`. Each is one file beside this one.</summary>
static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        Command run = RunCommand.Create();
        RootCommand root = new("EdgeShelf tells a store's backend over MQTT what a shelf camera sees.\nWithout a verb it does `run`. Try `edgeshelf demo` first.")
        {
            run,
            DemoCommand.Create(),
            ClassifyCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
            ModelCommand.Create(),
            OutboxCommand.Create(),
            ConfigCommand.Create(),
        };
        VersionText.AddRuntimeTo(root);
        ParseResult parsed = root.Parse(args.Length == 0 ? [run.Name] : args);
        // The service itself runs as the user that systemd gives it.
        if (parsed.CommandResult.Command != run)
            StateOwner.Become(parsed);
        int exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // After a signal the parser ends the process itself; not before the service has had its time to stop, and its camera to be let go.
            ProcessTerminationTimeout = EdgeShelfHost.StopWithin + TimeSpan.FromSeconds(6),
        });
        return parsed.Errors.Count > 0 ? ExitCodes.BadUsage : exitCode;
    }
}
