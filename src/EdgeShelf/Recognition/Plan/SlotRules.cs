using System.Globalization;
using System.Text.RegularExpressions;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>What slots must be, whatever form they come in: JSON, CSV or a grid.</summary>
static partial class SlotRules
{
    /// <summary>The minimum width and height of a slot, as a fraction of the picture: 4 pixels of a 1080p picture. Less is a slip of the finger.</summary>
    public const double MinSide = 0.002;

    /// <summary>
    /// The number of pixels of the reference picture below which a slot's shorter side is warned of. In the one bay that was measured, 47 % of the goods
    /// were no longer recognized when their places were 25 pixels wide, and 20 % at 40 pixels.
    /// </summary>
    public const int SmallSide = 25;

    /// <summary>The share of the smaller slot above which an overlap of two slots is warned of.</summary>
    public const double MaxOverlap = 0.5;

    /// <summary>The largest number of a shelf board or of a place on it.</summary>
    public const int MaxNumber = 1000;

    /// <summary>The slot name that stands for the whole picture in results.</summary>
    const string WholePicture = "shelf";

    public const string WhyMaxSlots = "a look at all of them runs 143 thousand million instructions on a Cortex-A72 and their crops take 39 MB";

    const int MaxWarnings = 20;

    public static string? ProblemOfName(string name) =>
        !Name().IsMatch(name) ? $"the name \"{DocumentFields.Cut(name)}\" is not allowed; 1 to 32 letters (a to z), digits, `-`, `_` or `.` are needed, and one letter or digit among them"
        : name == WholePicture ? $"the name \"{WholePicture}\" stands for the whole picture; another one is needed"
        : null;

    /// <summary>Returns the problems of a rectangle.</summary>
    public static IEnumerable<string> ProblemsOf(Region region)
    {
        bool isTooSmall = false;
        foreach ((string side, double length) in new[] { ("width", region.Width), ("height", region.Height) })
        {
            // Asked as "not at least", because NaN is neither.
            if (!(length >= MinSide))
            {
                isTooSmall = true;
                yield return $"{side} is {Text(length)}; at least {Text(MinSide)} is needed";
            }
        }
        if (!isTooSmall && !region.IsInside)
            yield return $"x {Text(region.X)} to {Text(region.Right)}, y {Text(region.Y)} to {Text(region.Bottom)} is not inside the picture, which is 0 to 1";
    }

    /// <summary>Returns the problems of slots together.</summary>
    public static IEnumerable<string> ProblemsOf(IReadOnlyCollection<Slot> slots)
    {
        foreach (IGrouping<string, Slot> twice in slots.GroupBy(slot => slot.Name).Where(group => group.Count() > 1))
            yield return $"{twice.Count()} slots have the name {twice.Key}; each needs a name of its own";
    }

    /// <summary>Returns every problem of slots that did not come from a document: their names, their rectangles, and the problems together.</summary>
    public static IEnumerable<string> AllProblemsOf(IReadOnlyCollection<Slot> slots)
    {
        if (slots.Count > SlotMap.MaxSlots)
            yield return $"there are {slots.Count} slots; at most {SlotMap.MaxSlots} are possible, because {WhyMaxSlots}";
        foreach (Slot slot in slots)
        {
            if (ProblemOfName(slot.Name) is { } problem)
                yield return problem;
            foreach (string wrong in ProblemsOf(slot.Region))
                yield return $"slot {slot.Name}: {wrong}";
        }
        foreach (string together in ProblemsOf(slots))
            yield return together;
    }

    /// <summary>Returns what is allowed but probably not meant, each as a sentence without its full stop.</summary>
    /// <param name="planogram">The planogram in force, whose positions need slots. Null if there is none.</param>
    public static IReadOnlyList<string> Warnings(SlotMap map, Planogram? planogram)
    {
        List<string> warnings = [.. Small(map), .. Overlaps(map.Slots), .. map.Slots.Where(slot => LooksLikeADate(slot.Name))
            .Select(slot => $"slot {slot.Name} looks like a date that a spreadsheet made of a name such as 1-05; import the column as text")];
        if (planogram is not null)
            warnings.AddRange(planogram.Positions.Select(position => position.Slot).Except(map.Slots.Select(slot => slot.Name))
                .Select(gone => $"the planogram expects a product in slot {gone}, which is not there"));
        return warnings.Count <= MaxWarnings ? warnings : [.. warnings.Take(MaxWarnings), $"{warnings.Count - MaxWarnings} more"];
    }

    /// <summary>Whether a spreadsheet may have made this text from a slot's name: `1-05` becomes `01. Mai`, `Jan-05` or `5-Jan`.</summary>
    public static bool LooksLikeADate(string name) => Date().IsMatch(name);

    static IEnumerable<string> Small(SlotMap map)
    {
        if (map.Reference is not { } reference)
            yield break;
        foreach (Slot slot in map.Slots)
        {
            int side = (int)Math.Round(Math.Min(slot.Region.Width * reference.Width, slot.Region.Height * reference.Height));
            if (side < SmallSide)
                yield return $"slot {slot.Name} is {side} pixels wide or high in the reference picture; below {SmallSide} pixels about half of the goods were no longer recognized where it was measured. Move the camera closer or use its full resolution";
        }
    }

    static IEnumerable<string> Overlaps(IReadOnlyList<Slot> slots)
    {
        for (int i = 0; i < slots.Count; i++)
        {
            for (int k = i + 1; k < slots.Count; k++)
            {
                if (Overlap(slots[i].Region, slots[k].Region) is > MaxOverlap and var share)
                    yield return string.Create(CultureInfo.InvariantCulture, $"slots {slots[i].Name} and {slots[k].Name} overlap by {share * 100:0} % of the smaller one; the network sees the same goods in both");
            }
        }
    }

    /// <summary>The share of the smaller rectangle that lies in both.</summary>
    static double Overlap(Region a, Region b)
    {
        double width = Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X);
        double height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y);
        return width <= 0 || height <= 0 ? 0 : width * height / Math.Min(a.Width * a.Height, b.Width * b.Height);
    }

    static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,32}\z")]
    private static partial Regex Name();

    // Months as English and German spreadsheets write them.
    [GeneratedRegex(@"^([0-9]{1,2}[-. ]+(jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*\.?|(jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*\.?[-. ]+[0-9]{1,4})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
