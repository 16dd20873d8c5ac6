using System.Globalization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Writes the state of the shelf for people: what is missing stands first.</summary>
static class ShelfText
{
    /// <summary>The verdicts in the order in which a person wants to read them.</summary>
    static readonly Verdict[] Order = [Verdict.Empty, Verdict.Mismatch, Verdict.Unknown, Verdict.Unchecked, Verdict.Covered, Verdict.Match];

    const int VerdictWidth = 9;

    /// <param name="shelf">The state, or null if nothing is known of any slot.</param>
    /// <param name="onlyMissing">Whether slots that hold their product are left out.</param>
    public static void Write(TextWriter output, ShelfDocument? shelf, bool onlyMissing = false)
    {
        if (shelf is null)
        {
            output.WriteLine("Nothing is known of any slot. Set slots with `edgeshelf slots set FILE` or on the page, and start the service.");
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shelf.Available} of {shelf.Expected} slots hold their product{(shelf.Availability is { } share ? $" ({share:0 %} of the {shelf.Judged} that were judged)" : "")}. {ViewOf(shelf)}"));
        int slots = Math.Max(4, shelf.Slots.Max(slot => slot.Slot.Length)), labels = Math.Max(8, shelf.Slots.Max(slot => (slot.Expected?.Label ?? "").Length));
        output.WriteLine($"{"slot".PadRight(slots)}  {"verdict",-VerdictWidth}  {"expected".PadRight(labels)}  {"since",-20}  seen");
        foreach (ShelfSlotDocument slot in shelf.Slots.Where(slot => !onlyMissing || VerdictNames.Parse(slot.Verdict) != Verdict.Match).OrderBy(slot => Array.IndexOf(Order, VerdictNames.Parse(slot.Verdict))).ThenBy(slot => slot.Shelf).ThenBy(slot => slot.Position))
        {
            string covered = slot.CoveredSince is { } since ? $"  (covered since {PlanFiles.Time(since)})" : "";
            output.Write($"{slot.Slot.PadRight(slots)}  ");
            VerdictColour.Write(output, slot.Verdict, VerdictWidth);
            output.WriteLine($"  {(slot.Expected?.Label ?? "-").PadRight(labels)}  {PlanFiles.Time(slot.Since == default ? null : slot.Since),-20}  {slot.Seen ?? "-"}{covered}");
        }
    }

    static string ViewOf(ShelfDocument shelf) => shelf.View == BayViewNames.Of(BayView.Clear)
        ? $"Last seen at {PlanFiles.Time(shelf.LastLookAt)}."
        : shelf.View == BayViewNames.Of(BayView.CameraMoved)
            ? $"The camera has been moved since {PlanFiles.Time(shelf.ViewSince)}; take the new view on the page."
            : $"The view is {shelf.View} since {PlanFiles.Time(shelf.ViewSince)}.";
}
