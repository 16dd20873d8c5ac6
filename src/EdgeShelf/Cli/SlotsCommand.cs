using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf slots show|set|grid|history|rollback`: where the places of the shelf are. A running service takes changes over by itself.</summary>
static class SlotsCommand
{
    public static Command Create() => new("slots", "Show and change where the shelf's places are.")
    {
        Show(),
        Set(),
        SlotsGridCommand.Create(),
        History(),
        Rollback(),
    };

    /// <summary>Prints what is in force now and what may be wrong with it.</summary>
    public static void Report(ParseResult parsed, PlanStore plan, SlotsDocument slots, IEnumerable<string> warnings)
    {
        string reference = slots.Reference is { } picture
            ? string.Create(CultureInfo.InvariantCulture, $"drawn on a picture of {picture.Width} x {picture.Height}")
            : "the next usable picture becomes the reference picture";
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Version {slots.Number} with {slots.Slots.Count} slots is in force; {reference}. A running service takes it over by itself."));
        PlanFiles.Warn(parsed, [.. warnings, .. plan.SlotWarnings()]);
    }

    static Command Show()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print the document slots.json, for scripts." };
        Option<bool> csv = new("--csv") { Description = "Print a table that `slots set` reads." };
        Command command = new("show", "Print the slots.") { json, csv };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            SlotsDocument slots = plan.SlotsDocument;
            if (parsed.GetValue(json))
                output.WriteLine(Encoding.UTF8.GetString(slots.ToJson()));
            else if (parsed.GetValue(csv))
                output.Write(Encoding.UTF8.GetString(SlotsCsv.Write(plan.Slots, plan.Planogram, forSpreadsheet: false)));
            else
            {
                output.WriteLine(slots.Number == 0
                    ? "There are no slots: the whole picture is one place. `edgeshelf slots set FILE` and the page set them."
                    : string.Create(CultureInfo.InvariantCulture, $"Version {slots.Number} of {PlanFiles.Time(slots.ChangedAt)} with {slots.Slots.Count} slots"));
                foreach (Slot slot in slots.Slots)
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slot.Name,-12} shelf {slot.Shelf?.ToString(CultureInfo.InvariantCulture) ?? "-",-4} x {slot.Region.X:0.0000} y {slot.Region.Y:0.0000} width {slot.Region.Width:0.0000} height {slot.Region.Height:0.0000}  {plan.Planogram?.ExpectedIn(slot.Name)?.Label}"));
                PlanFiles.Warn(parsed, plan.SlotWarnings());
            }
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Set()
    {
        CommonOptions common = new();
        Argument<string> file = new("FILE") { Description = "A table (.csv with slot,x,y,width,height and perhaps shelf,label) or a document (.json)." };
        Option<string?> picture = new("--picture") { Description = "The picture on which the slots were drawn. Default: the next usable picture of the camera.", HelpName = "IMAGE" };
        Command command = new("set", "Replace the slots. A file with any problem is refused whole.") { file, picture };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            string path = parsed.GetRequiredValue(file);
            NewReference? reference = parsed.GetValue(picture) is { } image ? PlanFiles.Picture(image) : null;
            SlotsDocument wanted = PlanFiles.Listing(path, () => PlanFiles.IsTable(path) ? SlotsCsv.Read(PlanFiles.Read(path), path) : SlotsDocument.Parse(PlanFiles.Read(path)));
            List<string> warnings = [.. wanted.Notes];
            if (reference is not null && wanted.Reference is { } drawnOn && IsOfOtherShape(drawnOn, reference))
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"the slots were drawn on a picture of {drawnOn.Width} x {drawnOn.Height}, and {parsed.GetValue(picture)} has {reference.Width} x {reference.Height}, which is another shape; check them on the page"));
            if (wanted.Labels.Count > 0 && plan.Planogram is not null)
                warnings.Add(SlotsCsv.LabelsNotUsed);
            // A document that was shown and edited keeps the reference picture that it names.
            bool isSamePicture = wanted.Reference is { } named && named.Sha256 == plan.Slots.Reference?.Sha256;
            Report(parsed, plan, PlanFiles.Listing(path, () => plan.SetSlots(wanted, PlanSource.Verb, reference, keepReference: isSamePicture)), warnings);
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>Whether the sides of two pictures differ in their ratio by more than one percent, which is more than rounding.</summary>
    static bool IsOfOtherShape(ReferencePicture a, NewReference b) => Math.Abs((double)a.Width / a.Height / ((double)b.Width / b.Height) - 1) > 0.01;

    static Command History()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON array, for scripts." };
        Command command = new("history", "List the versions that are kept, newest first.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(new JsonArray([.. plan.SlotsHistory().Select(kept => new JsonObject { ["version"] = kept.Number, ["at"] = PlanFiles.Time(kept.ChangedAt), ["by"] = kept.ChangedBy, ["slots"] = kept.Slots.Count })]).ToJsonString());
            else
                foreach (SlotsDocument kept in plan.SlotsHistory())
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(kept.Number == plan.Slots.Version ? "*" : " ")} {kept.Number,5}  {PlanFiles.Time(kept.ChangedAt),-20}  {kept.ChangedBy ?? "-",-8} {kept.Slots.Count} slots"));
            return ExitCodes.Fine;
        });
        return command;
    }

    static Command Rollback()
    {
        CommonOptions common = new();
        Argument<int?> version = new("VERSION") { Description = "A version that `slots history` lists. Default: the one before.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("rollback", "Put an earlier version and its reference picture in force again.") { version };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            Report(parsed, plan, plan.RollbackSlots(parsed.GetValue(version), PlanSource.Verb), []);
            return ExitCodes.Fine;
        });
        return command;
    }
}
