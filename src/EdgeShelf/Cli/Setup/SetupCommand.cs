using System.CommandLine;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli.Setup;

/// <summary>`edgeshelf setup`: asks what a new device needs to know, tries it, writes the configuration file and restarts the service.</summary>
static class SetupCommand
{
    public const string Name = "setup";

    public static Command Create()
    {
        Option<string?> config = new("--config", "-c") { Description = $"Write this file instead of {ServiceDirectories.ConfigurationFile}.", HelpName = "FILE" };
        Option<string?> answers = new("--answers") { Description = "Take the answers from this JSON file and ask nothing. The exit code is 1 when something that was tried does not work; the settings are written all the same.", HelpName = "FILE" };
        Option<string[]> once = new("--once") { Description = "Take the answers from the first of these files that exists, without trying anything, and delete the file. Wrong answers are kept as FILE.refused. No file is taken twice. The service edgeshelf-setup does this for the boot partition.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        Option<bool> ifNew = new("--if-new") { Description = "With --once: take the file only on a device that was not set up yet, and leave the file as it is." };
        Option<bool> noTrial = new("--no-trial") { Description = "With --answers: write the settings without trying camera, broker and GPIO lines." };
        Option<bool> noRestart = new("--no-restart") { Description = "Do not restart the service." };
        Command command = new(Name, "Set up a device: find its camera and show a picture, try the broker, the button and the light, write the settings, restart the service and show how a phone opens the page. Each step may be skipped.")
        {
            config, answers, once, ifNew, noTrial, noRestart,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noTrial) && result.GetValue(answers) is null)
                result.AddError("--no-trial belongs to --answers: without a file of answers, each step may be skipped.");
            bool isOnce = result.GetValue(once) is { Length: > 0 };
            if (isOnce && result.GetValue(answers) is not null)
                result.AddError("--once and --answers are both given; name the file behind one of them.");
            if (result.GetValue(ifNew) && !isOnce)
                result.AddError("--if-new belongs to --once: without a file to take once, add --answers FILE, or leave --if-new away to be asked.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(config) ?? ServiceDirectories.ConfigurationFile;
            TextWriter output = parsed.InvocationConfiguration.Output;
            SetupRun run = new(
                file,
                new Prompt(Console.In, output, Console.IsInputRedirected ? null : HiddenLine.Read),
                new SetupTrials(OtherVerb.RunAsync, () => GpioChip.List(out _)),
                parsed.GetValue(noRestart) ? null : DeviceService.OfThisMachine);
            if (parsed.GetValue(once) is { Length: > 0 } files)
                return await OnceAsync(run, file, files, parsed.GetValue(ifNew), output, cancellationToken);
            return parsed.GetValue(answers) is { } given
                ? await run.TakeAsync(AnswersFile.Read(given, BoardIdentity.Read()), !parsed.GetValue(noTrial), cancellationToken)
                : await run.AskAsync(cancellationToken);
        });
        return command;
    }

    static async Task<int> OnceAsync(SetupRun run, string configuration, string[] files, bool ifNew, TextWriter output, CancellationToken cancellationToken)
    {
        AnswersOnce once = new(
            Path.GetDirectoryName(Path.GetFullPath(configuration))!, path => run.TakeAsync(AnswersFile.Read(path, BoardIdentity.Read()), tries: false, cancellationToken), output, TimeProvider.System);
        if (!ifNew || (!once.HasTaken && !run.HasBroker))
            return await once.TakeAsync(files, deletes: !ifNew);
        output.WriteLine($"This device is set up already, so {files[0]} is left alone. `sudo edgeshelf setup --answers FILE` sets it up anew.");
        return ExitCodes.Fine;
    }
}
