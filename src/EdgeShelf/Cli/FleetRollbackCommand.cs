using System.CommandLine;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet rollback`: publishes again what groups had before, with a higher version.</summary>
static class FleetRollbackCommand
{
    public static Command Create()
    {
        FleetBrokerOptions broker = new();
        EmptyGroups empty = new();
        Option<string> group = new("--group", "-g") { Description = "The group, or several with commas between them.", HelpName = "GROUPS", Required = true };
        Command command = new("rollback", "Publish again what a group had before. Devices that still have the older model need no network for it.") { group };
        empty.AddTo(command);
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> groups = FleetBrokerOptions.Groups(parsed.GetRequiredValue(group));
            await using FleetBroker fleet = await broker.OpenAsync(parsed, cancellationToken);
            // Look at all groups before the first is changed.
            (string Group, WantedDocument Before, WantedDocument? Now)[] changes = [.. groups.Select(name => (name, Before(fleet, name), fleet.WantedOf(name)))];
            if (!empty.Allows(parsed, fleet.View, groups, out _))
                return ExitCodes.NobodyThere;
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach ((string name, WantedDocument before, WantedDocument? now) in changes)
            {
                if (now is not null && now.AsksForTheSameAs(before))
                {
                    output.WriteLine($"{name} has what it had before already, as version {now.Version}.");
                    continue;
                }
                WantedDocument again = before.With(checked(fleet.HighestVersionOf(name) + 1));
                await fleet.PublishAsync(name, again, keepsBefore: true, cancellationToken);
                output.WriteLine($"{name}: version {again.Version} asks for what version {before.Version} asked for. `edgeshelf fleet status --group {name} --watch` shows how the devices take it.");
                foreach (string part in now is null ? [] : before.LeavesAsItIs(now))
                    output.WriteLine($"{name}: version {before.Version} names no {part}, so the devices keep the one of version {now!.Version}. To change it too, publish a document that names the {part}.");
            }
            return ExitCodes.Fine;
        });
        return command;
    }

    static WantedDocument Before(FleetBroker fleet, string group) =>
        WantedDocument.OfRetained(fleet.View.BeforeOf(group)) ?? throw new EdgeShelfException(
            $"The broker knows nothing that the group {group} had before.",
            "Publish a document that names the older model with `edgeshelf fleet rollout`. Devices that failed are back on their older model by themselves.");
}
