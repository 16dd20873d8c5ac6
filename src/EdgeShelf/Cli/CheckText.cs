using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Writes what `shelf check` found for people: one table a picture.</summary>
static class CheckText
{
    const int VerdictWidth = 9;

    public static void Write(TextWriter output, string title, CheckDocument check)
    {
        output.WriteLine($"{title}  [{check.View}{(check.Aligned.Reason is { } why ? $": {why}" : "")}]  {(check.Aligned.Ok ? Summary(check.Slots.Select(slot => slot.Verdict)) : "no slot is judged")}{Shift(check.Aligned)}");
        if (!check.Aligned.Ok)
        {
            output.WriteLine($"  {Sentence(check)}");
            return;
        }
        int slots = Width("slot", check.Slots.Select(slot => slot.Slot)), labels = Width("seen", check.Slots.Select(slot => slot.Label));
        output.WriteLine($"  {"slot".PadRight(slots)}  {"verdict",-VerdictWidth}  {"seen".PadRight(labels)}  {"sure",4}  expected");
        foreach (CheckSlotDocument slot in check.Slots)
        {
            output.Write($"  {slot.Slot.PadRight(slots)}  ");
            VerdictColour.Write(output, slot.Verdict, VerdictWidth);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(slot.Label ?? "-").PadRight(labels)}  {(slot.Confidence is { } sure ? sure.ToString("0.00", CultureInfo.InvariantCulture) : "-"),4}  {slot.Expected ?? "-"}"));
            if (slot.Explain is { } explain)
            {
                output.WriteLine($"    {explain.Reason}");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"    likeness: {string.Join(", ", explain.Top.Select(entry => Pair(entry.Label, entry.Likeness)).Concat(explain.EmptyLikeness is { } empty ? [Pair(Planogram.EmptyLabel, empty)] : []))}; needed: {explain.Threshold:0.00} (empty {explain.EmptyThreshold:0.00}), margin {explain.Margin:0.00}"));
            }
        }
        foreach (CheckChangeDocument change in check.Changes ?? [])
            output.WriteLine($"  changed: {change.Slot} from {change.From} to {change.To}");
    }

    /// <summary>How many slots have each verdict, the most frequent first.</summary>
    public static string Summary(IEnumerable<string> verdicts) => string.Join(", ", verdicts.GroupBy(verdict => verdict).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}"));

    static string Shift(AlignedDocument aligned) => aligned is { Ok: true, Dx: not 0 } or { Ok: true, Dy: not 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"; shifted by {aligned.Dx:0.0 %} and {aligned.Dy:0.0 %}")
        : "";

    static string Sentence(CheckDocument check) => check.View == BayViewNames.Of(BayView.CameraMoved)
        ? "The camera was moved: the picture does not lie on the reference picture. Take the picture from where the slots were drawn, or draw them on this view."
        : "The picture cannot be judged. Take another one.";

    static string Pair(string label, double likeness) => string.Create(CultureInfo.InvariantCulture, $"{label} {likeness:0.00}");

    static int Width(string heading, IEnumerable<string?> texts) => texts.Max(text => text?.Length ?? 1) is var longest && longest > heading.Length ? longest : heading.Length;
}
