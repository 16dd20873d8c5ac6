using System.CommandLine;
using System.Globalization;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf slots grid`: adds equal slots in rows and columns over a shelf in one go.</summary>
static class SlotsGridCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> name = new("--name") { Description = "The first part of the names: 3 gives 3-01, 3-02 and so on.", HelpName = "NAME", Required = true };
        Option<int> rows = new("--rows") { Description = "Number of rows.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<int> columns = new("--columns") { Description = "Number of columns.", HelpName = "N", Required = true };
        Option<double> x = Fraction("--x", "The left edge, as a fraction of the picture's width."), y = Fraction("--y", "The upper edge, as a fraction of the picture's height.");
        Option<double> width = Fraction("--width", "The width of the whole grid, as a fraction."), height = Fraction("--height", "The height of the whole grid, as a fraction.");
        Option<double> gap = new("--gap") { Description = "The space between two slots, as a fraction.", HelpName = "FRACTION", DefaultValueFactory = _ => 0 };
        Option<int?> shelf = new("--shelf") { Description = "The number of the shelf board of the first row. Default: the name, if it is a number.", HelpName = "N" };
        Command command = new("grid", "Add a grid of slots over a shelf to those that there are.") { name, rows, columns, x, y, width, height, gap, shelf };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            PlanStore plan = common.Plan(parsed);
            string first = parsed.GetRequiredValue(name);
            int? board = parsed.GetValue(shelf) ?? (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= SlotRules.MaxNumber ? number : null);
            SlotGrid grid = new(first, parsed.GetValue(rows), parsed.GetValue(columns), new Region(parsed.GetValue(x), parsed.GetValue(y), parsed.GetValue(width), parsed.GetValue(height)), parsed.GetValue(gap));
            (IReadOnlyList<Slot> added, SlotsDocument set) = PlanFiles.Listing("The grid", () =>
            {
                IReadOnlyList<Slot> slots = grid.Slots(board);
                // If another change comes in between, this one is refused and loses nothing.
                return (slots, plan.SetSlots(new SlotsDocument([.. plan.Slots.Slots, .. slots], null) { IfVersion = plan.Slots.Version }, PlanSource.Verb));
            });
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Added {added.Count} slots, {added[0].Name} to {added[^1].Name}, each {added[0].Region.Width:0.####} wide and {added[0].Region.Height:0.####} high."));
            SlotsCommand.Report(parsed, plan, set, []);
            return ExitCodes.Fine;
        });
        return command;
    }

    static Option<double> Fraction(string name, string description) => new(name) { Description = description, HelpName = "FRACTION", Required = true };
}
