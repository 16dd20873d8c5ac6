using System.CommandLine;
using System.Globalization;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet rollout`: brings a document to one group after the other, and stops by itself when devices fail.</summary>
static class FleetRolloutCommand
{
    /// <summary>The number of failed devices that are named.</summary>
    const int NamedFailures = 20;

    static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        FleetBrokerOptions broker = new();
        EmptyGroups empty = new();
        Option<string> desired = new("--desired", "-f") { Description = "The desired document. Without \"version\" the next one is chosen.", HelpName = "FILE", Required = true };
        Option<string> group = new("--group", "-g") { Description = "The groups in their order, as in canary,rest.", HelpName = "GROUPS", Required = true };
        Option<string> maxFailed = new("--max-failed") { Description = "The share of a group's connected devices that may fail.", HelpName = "PERCENT", DefaultValueFactory = _ => "2%" };
        Option<string> timeout = new("--timeout") { Description = "The time that a connected device has to apply the document, beside the wait for its window.", HelpName = "TIME", DefaultValueFactory = _ => "1h" };
        Option<bool> watch = new("--watch", "-w") { Description = "Show a table in a terminal instead of lines." };
        Command command = new("rollout", "Bring a document to one group after the other. It stops when too many devices fail, and does not start if no device has reported one of the groups. After Ctrl-C the same command goes on.") { desired, group, maxFailed, timeout, watch };
        empty.AddTo(command);
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> groups = FleetBrokerOptions.Groups(parsed.GetRequiredValue(group));
            RolloutRules rules = new(Share(parsed.GetRequiredValue(maxFailed)), Time(parsed.GetRequiredValue(timeout)));
            string file = parsed.GetRequiredValue(desired);
            WantedDocument wanted = WantedDocument.Parse(PlanFiles.Read(file, DesiredDocument.MaxBytes, "a file"), file);
            await using FleetBroker fleet = await broker.OpenAsync(parsed, cancellationToken);
            if (!empty.Allows(parsed, fleet.View, groups, out IReadOnlyList<string> mayBeEmpty))
                return ExitCodes.NobodyThere;
            rules = rules with { MayBeEmpty = mayBeEmpty };
            WantedDocument document = wanted.Choose([.. groups.Select(name => (name, fleet.WantedOf(name)))], groups.Max(fleet.HighestVersionOf));
            foreach (string name in groups.Where(name => !document.Has("settings") && fleet.WantedOf(name)?.Has("settings") == true))
                parsed.InvocationConfiguration.Error.WriteLine($"{name} has settings of the chain, and {file} has none: the devices go back to their own. Copy \"settings\" into the file to keep them.");
            try
            {
                RolloutStep last = await FleetScreen.RunAsync(parsed.GetValue(watch), screen => RunAsync(fleet, document, groups, rules, screen, parsed, cancellationToken));
                return Conclude(last, document, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"Version {document.Version} stays published where it is. The same command goes on; `edgeshelf fleet rollback` takes it back.");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    static Task<RolloutStep> RunAsync(FleetBroker fleet, WantedDocument document, IReadOnlyList<string> groups, RolloutRules rules, FleetScreen screen, ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        Dictionary<string, GroupStanding> standings = [];
        HashSet<string> troubles = [];
        (string line, long at) = ("", 0);
        void Tell(RolloutStep step)
        {
            if (step.Standing is { } standing)
                standings[standing.Group] = standing;
            screen.Draw(["group", "done", "watching", "to go", "failed", "away", "own"], groups.Select(group => Row(group, standings.GetValueOrDefault(group))), $"version {document.Version}, {step.Group}: {step.Action}");
            string now = step is { Action: RolloutAction.Publish, Standing: null } ? $"{step.Group}: version {document.Version}" : $"{step.Standing}";
            foreach (string problem in screen.IsShown ? [] : Troubles(step.Standing).Where(problem => troubles.Count < NamedFailures && troubles.Add(problem)))
                output.WriteLine($"  {problem}");
            bool isDue = step.Action != RolloutAction.Wait || at == 0 || TimeProvider.System.GetElapsedTime(at) > LineEvery;
            if (screen.IsShown || now == line || !isDue)
                return;
            (line, at) = (now, TimeProvider.System.GetTimestamp());
            output.WriteLine(now);
            if (step is { Action: RolloutAction.Publish, Standing: not null })
                output.WriteLine($"{step.Group}: version {document.Version}");
            output.Flush();
        }
        return new RolloutRunner(fleet, TimeProvider.System, Tell, parsed.InvocationConfiguration.Error.WriteLine).RunAsync(document, groups, rules, cancellationToken);
    }

    /// <summary>Why devices that have not applied the document yet try it again.</summary>
    static IEnumerable<string> Troubles(GroupStanding? standing) => (standing?.Devices ?? [])
        .Where(judged => judged is { Standing: DeviceStanding.Waiting, Device.Reported.Status: FleetStatus.Pending })
        .SelectMany(judged => FleetText.Problems(judged.Device).Select(problem => $"{judged.Device.Name} tries again: {problem}"));

    static IReadOnlyList<string> Row(string group, GroupStanding? standing) =>
    [
        group,
        .. new[] { DeviceStanding.Done, DeviceStanding.Watching, DeviceStanding.Waiting, DeviceStanding.Failed, DeviceStanding.Away, DeviceStanding.Own }
            .Select(kind => standing?.Count(kind).ToString(CultureInfo.InvariantCulture) ?? "-"),
    ];

    static int Conclude(RolloutStep last, WantedDocument document, TextWriter output, TextWriter errors)
    {
        JudgedDevice[] failed = [.. last.Standing!.Devices.Where(device => device.Standing == DeviceStanding.Failed)];
        foreach (JudgedDevice device in failed.Take(NamedFailures))
        {
            output.WriteLine($"  {device.Device.Name}: {PlainText.Shown(device.Reason)}");
            foreach (string problem in FleetText.Problems(device.Device))
                output.WriteLine($"    {problem}");
        }
        if (failed.Length > NamedFailures)
            output.WriteLine($"  and {failed.Length - NamedFailures} more, see `edgeshelf fleet status`");
        if (last.Action == RolloutAction.Finished)
        {
            output.WriteLine($"Version {document.Version} is where it should be. Devices that are away take it when they come back.");
            return ExitCodes.Fine;
        }
        errors.WriteLine(ErrorText.Of($"The rollout stopped at {last.Group}: {last.Reason}.", $"No later group got version {document.Version}. Take it back with `edgeshelf fleet rollback --group {last.Group}`, or publish a higher version that is right."));
        return ExitCodes.Failed;
    }

    /// <summary>Reads `2%`, `2` or `2.5 %`.</summary>
    static double Share(string text) =>
        double.TryParse(text.TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is >= 0 and <= 100
            ? percent / 100
            : throw new ConfigurationException($"--max-failed is {text}; 0% to 100% is allowed.", "Write for example --max-failed 2%.");

    static TimeSpan Time(string text) => Duration.TryParse(text, out TimeSpan time, out string? problem) && time > TimeSpan.Zero
        ? time
        : throw new ConfigurationException($"--timeout is {text}{(problem is null ? "" : $": {problem}")}; a time above zero is needed.", $"{Duration.Examples}.");
}
