using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Configuration;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf shelf show`: what the service confirmed last, what is missing first.</summary>
static class ShelfShowCommand
{
    /// <summary>The verdicts in the order in which a person wants to read them.</summary>
    static readonly Verdict[] Order = [Verdict.Empty, Verdict.Mismatch, Verdict.Unknown, Verdict.Unchecked, Verdict.Covered, Verdict.Match];

    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print the document of the topic `…/shelf`, for scripts; null without slots." };
        Command command = new("show", "Print what the service last confirmed of each slot, what is missing first.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            IConfigurationRoot configuration = common.Configuration(parsed);
            string state = ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State;
            if (Directory.Exists(state) && !Posix.MayRead(state))
                throw new EdgeShelfException($"You may not read {state}, where the state of the shelf is.", "Run the command with sudo.");
            string path = Path.Combine(state, BayMemoryFile.FileName);
            BayRecord? record = new BayMemoryFile(path, TimeProvider.System, NullLogger.Instance).Read();
            if (record is null && File.Exists(path))
                throw new EdgeShelfException($"{path} cannot be read, or is damaged.", "Start the service; it confirms the verdicts anew.");
            // A device without slots publishes no such document.
            ShelfDocument? shelf = record is not { State.Slots.Count: > 0 } ? null : ShelfDocument.Of(
                record, ConfigurationCheck.Read<PublishOptions>(configuration, PublishOptions.Section).Device, TimeProvider.System.GetUtcNow(), ClockSync.IsSynced());
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(shelf, ResultDocument.Json));
            else
                Write(parsed.InvocationConfiguration.Output, shelf);
            return ExitCodes.Fine;
        });
        return command;
    }

    static void Write(TextWriter output, ShelfDocument? shelf)
    {
        if (shelf is null)
        {
            output.WriteLine("Nothing is known of any slot. Set slots with `edgeshelf slots set FILE` or on the page, and start the service.");
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shelf.Available} of {shelf.Expected} slots hold their product{(shelf.Availability is { } share ? $" ({share:0 %} of the {shelf.Judged} that were judged)" : "")}. {ViewOf(shelf)}"));
        int slots = Math.Max(4, shelf.Slots.Max(slot => slot.Slot.Length)), labels = Math.Max(8, shelf.Slots.Max(slot => (slot.Expected?.Label ?? "").Length));
        output.WriteLine($"{"slot".PadRight(slots)}  {"verdict",-9}  {"expected".PadRight(labels)}  {"since",-20}  seen");
        foreach (ShelfSlotDocument slot in shelf.Slots.OrderBy(slot => Array.IndexOf(Order, VerdictNames.Parse(slot.Verdict))).ThenBy(slot => slot.Shelf).ThenBy(slot => slot.Position))
        {
            string covered = slot.CoveredSince is { } since ? $"  (covered since {PlanFiles.Time(since)})" : "";
            output.WriteLine($"{slot.Slot.PadRight(slots)}  {slot.Verdict,-9}  {(slot.Expected?.Label ?? "-").PadRight(labels)}  {PlanFiles.Time(slot.Since == default ? null : slot.Since),-20}  {slot.Seen ?? "-"}{covered}");
        }
    }

    static string ViewOf(ShelfDocument shelf) => shelf.View == BayViewNames.Of(BayView.Clear)
        ? $"Last seen at {PlanFiles.Time(shelf.LastLookAt)} or up to {BayStatus.PointEvery.TotalMinutes:0} minutes later."
        : shelf.View == BayViewNames.Of(BayView.CameraMoved)
            ? $"The camera has been moved since {PlanFiles.Time(shelf.ViewSince)}; take the new view on the page."
            : $"The view is {shelf.View} since {PlanFiles.Time(shelf.ViewSince)}.";
}
