using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>What a planogram must be, whatever form it comes in.</summary>
static class PlanogramRules
{
    /// <summary>The maximum number of products. A bay has at most as many as it has slots; the rest are products that may come.</summary>
    public const int MaxProducts = 1000;

    public const int MaxFacings = 100;

    const int MaxWarnings = 20;

    /// <summary>Returns the problem of a label at a position or of a product, or null.</summary>
    public static string? ProblemOfLabel(string label) => label == Planogram.EmptyLabel
        ? $"the label \"{Planogram.EmptyLabel}\" means a place without goods and cannot be expected; leave the slot out"
        : null;

    /// <summary>Returns the problems of products and positions together.</summary>
    public static IEnumerable<string> ProblemsOf(IReadOnlyCollection<Product> products, IReadOnlyCollection<Position> positions)
    {
        foreach (IGrouping<string, Product> twice in products.GroupBy(product => product.Label).Where(group => group.Count() > 1))
            yield return $"the product \"{twice.Key}\" is there {Times(twice.Count())}; once is allowed";
        foreach (IGrouping<string, Position> twice in positions.GroupBy(position => position.Slot).Where(group => group.Count() > 1))
            yield return $"slot {twice.Key} has {twice.Count()} positions; one is allowed";
    }

    /// <summary>Returns the problems of a planogram on this device: positions without a slot, and labels that nobody knows.</summary>
    /// <param name="slots">The slots in force.</param>
    /// <param name="known">The labels that were taught or that the model in use knows.</param>
    public static IEnumerable<string> ProblemsHere(Planogram planogram, SlotMap slots, IReadOnlyCollection<string> known)
    {
        HashSet<string> names = [.. slots.Slots.Select(slot => slot.Name)];
        foreach (Position position in planogram.Positions.Where(position => !names.Contains(position.Slot)))
        {
            yield return SlotRules.LooksLikeADate(position.Slot)
                ? $"there is no slot \"{position.Slot}\"; a spreadsheet makes such dates of names such as 1-05, so import the column as text"
                : $"there is no slot \"{position.Slot}\"; {(names.Count == 0 ? "no slots are set yet" : "draw it, or leave the position out")}";
        }
        HashSet<string> labels = [.. known, .. planogram.Products.Select(product => product.Label)];
        foreach (IGrouping<string, Position> unknown in planogram.Positions.Where(position => !labels.Contains(position.Label)).GroupBy(position => position.Label))
            yield return $"nobody knows the label \"{unknown.Key}\" of slot {string.Join(", ", unknown.Select(position => position.Slot))}; list it under `products`, or teach it first";
    }

    /// <exception cref="PlanProblemsException">The planogram does not fit this device's slots and labels; each problem is named.</exception>
    public static void RequireFit(Planogram planogram, SlotMap slots, IReadOnlyCollection<string> known)
    {
        string[] problems = [.. ProblemsHere(planogram, slots, known)];
        if (problems.Length > 0)
            throw new PlanProblemsException(PlanProblemsException.BadPlanogram, problems);
    }

    /// <summary>Returns what is allowed but probably not meant, each as a sentence without its full stop.</summary>
    public static IReadOnlyList<string> Warnings(Planogram planogram, SlotMap slots)
    {
        List<string> warnings = [];
        foreach ((string what, Func<Product, string?> of) in new (string, Func<Product, string?>)[] { ("GTIN", product => product.Gtin), ("SKU", product => product.Sku) })
        {
            warnings.AddRange(planogram.Products.Where(product => of(product) is not null).GroupBy(of).Where(group => group.Count() > 1)
                .Select(group => $"the products {string.Join(", ", group.Select(product => product.Label))} have the same {what} {group.Key}"));
        }
        Dictionary<string, int?> shelves = slots.Slots.GroupBy(slot => slot.Name).ToDictionary(group => group.Key, group => group.First().Shelf);
        warnings.AddRange(planogram.Positions.Where(position => position.Shelf is not null && shelves.GetValueOrDefault(position.Slot) is { } drawn && drawn != position.Shelf)
            .Select(position => $"the planogram has slot {position.Slot} on shelf {position.Shelf}; it was drawn on shelf {shelves[position.Slot]}"));
        return warnings.Count <= MaxWarnings ? warnings : [.. warnings.Take(MaxWarnings), $"{warnings.Count - MaxWarnings} more"];
    }

    static string Times(int count) => count == 2 ? "twice" : $"{count} times";
}
