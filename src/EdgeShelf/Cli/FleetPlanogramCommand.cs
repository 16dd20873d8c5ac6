using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet planogram push`: gives a group another planogram and leaves the rest of what is wanted of it.</summary>
static class FleetPlanogramCommand
{
    public static Command Create() => new("planogram", "Change what belongs in the slots of many devices.") { Push() };

    static Command Push()
    {
        FleetBrokerOptions broker = new();
        EmptyGroups empty = new();
        Argument<string> file = new("FILE") { Description = "A table (.csv) or a document (.json), as `edgeshelf planogram export` and `planogram show --json` write them." };
        Option<string> group = new("--group", "-g") { Description = "The group, or several with commas between them.", HelpName = "GROUPS", Required = true };
        Option<string?> name = new("--name") { Description = "For a table: the name of the planogram. Default: the name of the file.", HelpName = "NAME" };
        Option<string?> version = new("--version") { Description = "For a table: the version of the planogram. Default: the time now.", HelpName = "VERSION" };
        Command command = new("push", "Give a group another planogram. Model, settings and window stay as they are.") { file, group, name, version };
        empty.AddTo(command);
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string> groups = FleetBrokerOptions.Groups(parsed.GetRequiredValue(group));
            string path = parsed.GetRequiredValue(file);
            PlanogramDocument planogram = PlanFiles.Listing(path, () => PlanFiles.IsTable(path)
                ? PlanogramCsv.Read(PlanFiles.Read(path, DesiredDocument.MaxBytes, "a file"), path, parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path), parsed.GetValue(version) ?? PlanFiles.Time(TimeProvider.System.GetUtcNow()), null)
                : PlanogramDocument.Parse(PlanFiles.Read(path, DesiredDocument.MaxBytes, "a file")));
            await using FleetBroker fleet = await broker.OpenAsync(parsed, cancellationToken);
            PlanFiles.Warn(parsed, planogram.Notes);
            if (!empty.Allows(parsed, fleet.View, groups, out _))
                return ExitCodes.NobodyThere;
            // Documents of all groups are made before the first is published.
            (string Group, WantedDocument Document)[] documents = [.. groups.Select(each => (each, With(fleet, planogram, each)))];
            foreach ((string each, WantedDocument document) in documents)
            {
                await fleet.PublishAsync(each, document, keepsBefore: false, cancellationToken);
                parsed.InvocationConfiguration.Output.WriteLine(
                    $"{each}: version {document.Version} has the planogram {planogram.Planogram.Name} {planogram.Planogram.Version} with {planogram.Planogram.Positions.Count} {(planogram.Planogram.Positions.Count == 1 ? "position" : "positions")}. `edgeshelf fleet status --group {each} --watch` shows how the devices take it.");
            }
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>The whole document is checked as a device checks it.</summary>
    static WantedDocument With(FleetBroker fleet, PlanogramDocument planogram, string group)
    {
        if (fleet.HasFailedBesidePlanogram(group))
            throw new EdgeShelfException(
                $"Devices of {group} did not take version {fleet.WantedOf(group)!.Version}, and its model and settings would come again with the planogram. Nothing was published.",
                $"Run `edgeshelf fleet rollback --group {group}` first, or publish a document that is right with `edgeshelf fleet rollout`. `edgeshelf fleet status --group {group}` says why.");
        WantedDocument document = (fleet.WantedOf(group) ?? WantedDocument.Empty()).WithPlanogram(JsonNode.Parse(planogram.ToJson())!).With(checked(fleet.HighestVersionOf(group) + 1));
        return WantedDocument.Parse(document.ToJson(), $"The document for {group}");
    }
}
