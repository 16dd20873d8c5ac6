using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Lays equal slots over an area, row by row: the facings of one shelf board or of several.</summary>
/// <param name="Name">The first part of the names: `3` gives `3-01`, `3-02` and so on with one row, `3-1-01` with several.</param>
/// <param name="Gap">The space between two slots, as a fraction of the picture's width between columns and of its height between rows.</param>
sealed record SlotGrid(string Name, int Rows, int Columns, Region Area, double Gap)
{
    /// <param name="shelf">The number of the shelf board of the first row; each further row is one lower. Null leaves it out.</param>
    /// <exception cref="PlanProblemsException">The grid does not fit; each problem is named.</exception>
    public IReadOnlyList<Slot> Slots(int? shelf)
    {
        List<string> problems = [];
        if (Rows < 1 || Columns < 1 || (long)Rows * Columns > SlotMap.MaxSlots)
            problems.Add($"the grid has {Rows} rows and {Columns} columns; 1 to {SlotMap.MaxSlots} slots are possible");
        if (!double.IsFinite(Gap) || Gap < 0)
            problems.Add($"the gap is {Gap.ToString(CultureInfo.InvariantCulture)}; 0 or more is needed");
        problems.AddRange(SlotRules.ProblemsOf(Area).Select(problem => $"the area of the grid: {problem}"));
        Slot[] slots = problems.Count > 0 ? [] : [.. Enumerable.Range(0, Rows).SelectMany(row => Enumerable.Range(0, Columns).Select(column => At(row, column, shelf)))];
        // All slots are of one size, so one problem says it for all.
        if (slots.Length > 0)
            problems.AddRange(SlotRules.ProblemsOf(slots[0].Region).Select(problem => $"the slots of the grid: {problem}").Concat(slots.Select(slot => SlotRules.ProblemOfName(slot.Name)).OfType<string>().Take(1)));
        return problems.Count == 0 ? slots : throw new PlanProblemsException(PlanProblemsException.BadSlots, problems);
    }

    Slot At(int row, int column, int? shelf)
    {
        double width = (Area.Width - Gap * (Columns - 1)) / Columns, height = (Area.Height - Gap * (Rows - 1)) / Rows;
        string name = Rows == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{Name}-{column + 1:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{Name}-{row + 1}-{column + 1:00}");
        // Rounded down, so that no slot leaves the area. Six digits are a thousandth of a pixel.
        return new Slot(name, shelf + row, new Region(Round(Area.X + column * (width + Gap)), Round(Area.Y + row * (height + Gap)), Round(width), Round(height)));
    }

    static double Round(double value) => Math.Floor(value * 1e6 + 1e-6) / 1e6;
}
