using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Slots as a table: `slot,shelf,x,y,width,height,label`. The label tells what belongs in the slot.</summary>
static class SlotsCsv
{
    /// <summary>A warning for a table whose labels have no effect.</summary>
    public const string LabelsNotUsed = "the column label is not used, because a planogram is set";

    static readonly string[] Columns = ["slot", "shelf", "x", "y", "width", "height", "label"];

    /// <param name="file">The name of the file, for messages.</param>
    /// <exception cref="PlanProblemsException">The table is not valid; each problem is named with its line.</exception>
    public static SlotsDocument Read(byte[] bytes, string file)
    {
        CsvTable table = PlanCsv.Read(bytes, file, PlanProblemsException.BadSlots, "slot", "x", "y", "width", "height");
        List<string> problems = [];
        List<Slot> slots = [];
        Dictionary<string, string> labels = [];
        if (table.Rows.Count > SlotMap.MaxSlots)
            problems.Add($"there are {table.Rows.Count} slots; at most {SlotMap.MaxSlots} are possible, because {SlotRules.WhyMaxSlots}");
        foreach (CsvRow row in table.Rows.Take(SlotMap.MaxSlots))
        {
            if (Slot(new CsvFields(row, problems), problems, out string? label) is not { } slot)
                continue;
            slots.Add(slot);
            if (label is not null)
                labels[slot.Name] = label;
        }
        problems.AddRange(SlotRules.ProblemsOf(slots));
        return problems.Count == 0
            ? new SlotsDocument(slots, null) { Labels = labels, Notes = [.. PlanCsv.Ignored(table, Columns)] }
            : throw new PlanProblemsException(PlanProblemsException.BadSlots, problems);
    }

    /// <param name="planogram">Gives the labels. Null leaves them empty.</param>
    /// <param name="forSpreadsheet">See <see cref="PlanCsv.Write"/>.</param>
    public static byte[] Write(SlotMap map, Planogram? planogram, bool forSpreadsheet) => PlanCsv.Write(forSpreadsheet, map.Slots.Select(slot => new[]
    {
        slot.Name, PlanCsv.Number(slot.Shelf), PlanCsv.Number(slot.Region.X, forSpreadsheet), PlanCsv.Number(slot.Region.Y, forSpreadsheet),
        PlanCsv.Number(slot.Region.Width, forSpreadsheet), PlanCsv.Number(slot.Region.Height, forSpreadsheet), planogram?.ExpectedIn(slot.Name)?.Label ?? "",
    }).Prepend(Columns));

    static Slot? Slot(CsvFields fields, List<string> problems, out string? label)
    {
        int before = problems.Count;
        string? name = fields.Text("slot", int.MaxValue);
        if (name is null && problems.Count == before)
            fields.Add("slot is empty");
        if (name is not null && SlotRules.ProblemOfName(name) is { } problem)
            fields.Add(SlotRules.LooksLikeADate(name) ? $"{problem}. A spreadsheet made a date of it; import the column as text" : problem);
        int? shelf = fields.Integer("shelf", 1, SlotRules.MaxNumber);
        (double? x, double? y, double? width, double? height) = (fields.Number("x"), fields.Number("y"), fields.Number("width"), fields.Number("height"));
        label = fields.Text("label", LabelText.MaxLength);
        if (x is null || y is null || width is null || height is null)
            return null;
        Region region = new(x.Value, y.Value, width.Value, height.Value);
        foreach (string wrong in SlotRules.ProblemsOf(region))
            fields.Add(wrong);
        return problems.Count == before ? new Slot(name!, shelf, region) : null;
    }
}
