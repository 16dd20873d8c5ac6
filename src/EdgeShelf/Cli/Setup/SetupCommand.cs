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
        Option<bool> noTrial = new("--no-trial") { Description = "With --answers: write the settings without trying camera, broker and GPIO lines." };
        Option<bool> noRestart = new("--no-restart") { Description = "Do not restart the service." };
        Command command = new(Name, "Set up a device: find its camera and show a picture, try the broker, the button and the light, write the settings, restart the service and show how a phone opens the page. Each step may be skipped.")
        {
            config, answers, noTrial, noRestart,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            SetupRun run = new(
                parsed.GetValue(config) ?? ServiceDirectories.ConfigurationFile,
                new Prompt(Console.In, parsed.InvocationConfiguration.Output, Console.IsInputRedirected ? null : HiddenLine.Read),
                new SetupTrials(OtherVerb.RunAsync, () => GpioChip.List(out _)),
                parsed.GetValue(noRestart) ? null : DeviceService.OfThisMachine);
            return parsed.GetValue(answers) is { } file
                ? await run.TakeAsync(AnswersFile.Read(file), !parsed.GetValue(noTrial), cancellationToken)
                : await run.AskAsync(cancellationToken);
        });
        return command;
    }
}
