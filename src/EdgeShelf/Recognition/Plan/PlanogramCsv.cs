using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>
/// A planogram as a table: `slot,shelf,position,label,sku,gtin,facings,name`. A row that has a SKU, a GTIN or a name declares its product. A row
/// without a slot only declares a product, and a row without a label says that nothing is expected in its slot.
/// </summary>
static class PlanogramCsv
{
    /// <summary>The name of a planogram that came as a table without one.</summary>
    public const string UsualName = "planogram";

    static readonly string[] Columns = ["slot", "shelf", "position", "label", "sku", "gtin", "facings", "name"];

    /// <param name="file">The name of the file, for messages.</param>
    /// <param name="name">The name of the planogram, which a table does not have.</param>
    /// <exception cref="PlanProblemsException">The table is not valid; each problem is named with its line.</exception>
    public static PlanogramDocument Read(byte[] bytes, string file, string name, string version, DateTimeOffset? validFrom)
    {
        CsvTable table = PlanCsv.Read(bytes, file, PlanProblemsException.BadPlanogram, "slot", "label");
        List<string> problems = [.. ProblemsOfHeading(name, version)];
        Dictionary<string, Product> products = [];
        List<Position> positions = [];
        foreach (CsvRow row in table.Rows)
            AddRow(new CsvFields(row, problems), products, positions, problems);
        if (positions.Count > SlotMap.MaxSlots)
            problems.Add($"there are {positions.Count} positions; at most {SlotMap.MaxSlots} are possible, because there are at most as many slots");
        if (products.Count > PlanogramRules.MaxProducts)
            problems.Add($"there are {products.Count} products; at most {PlanogramRules.MaxProducts} are possible");
        problems.AddRange(PlanogramRules.ProblemsOf(products.Values, positions));
        return problems.Count == 0
            ? new PlanogramDocument(new Planogram(LabelText.Clean(name), LabelText.Clean(version), validFrom, [.. products.Values], positions)) { Notes = [.. PlanCsv.Ignored(table, Columns)] }
            : throw new PlanProblemsException(PlanProblemsException.BadPlanogram, problems);
    }

    /// <param name="forSpreadsheet">See <see cref="PlanCsv.Write"/>.</param>
    public static byte[] Write(Planogram planogram, bool forSpreadsheet)
    {
        Dictionary<string, Product> products = planogram.Products.ToDictionary(product => product.Label);
        HashSet<string> placed = [.. planogram.Positions.Select(position => position.Label)];
        return PlanCsv.Write(forSpreadsheet, planogram.Positions
            .Select(position => Row(position.Slot, PlanCsv.Number(position.Shelf), PlanCsv.Number(position.Place), position.Label, PlanCsv.Number(position.Facings), products.GetValueOrDefault(position.Label)))
            .Concat(planogram.Products.Where(product => !placed.Contains(product.Label)).Select(product => Row("", "", "", product.Label, "", product)))
            .Prepend(Columns));
    }

    /// <summary>A product without a name is declared by its label as its name, and <see cref="AddRow"/> takes that back.</summary>
    static string[] Row(string slot, string shelf, string place, string label, string facings, Product? product) =>
        [slot, shelf, place, label, product?.Sku ?? "", product?.Gtin ?? "", facings, product is null ? "" : product.Name ?? label];

    static IEnumerable<string> ProblemsOfHeading(string name, string version)
    {
        foreach ((string what, string text) in new[] { ("name", name), ("version", version) })
        {
            if (LabelText.Problem(LabelText.Clean(text), LabelText.MaxCodeLength) is { } problem)
                yield return $"{what} {problem}";
        }
    }

    static void AddRow(CsvFields fields, Dictionary<string, Product> products, List<Position> positions, List<string> problems)
    {
        int before = problems.Count;
        (string? slot, string? label) = (fields.Text("slot", LabelText.MaxCodeLength), fields.Text("label", LabelText.MaxLength));
        (int? shelf, int? place, int? facings) = (fields.Integer("shelf", 1, SlotRules.MaxNumber), fields.Integer("position", 1, SlotRules.MaxNumber), fields.Integer("facings", 1, PlanogramRules.MaxFacings));
        (string? name, string? sku, string? gtin) = (fields.Text("name", LabelText.MaxLength), fields.Text("sku", LabelText.MaxCodeLength), fields.Text("gtin", LabelText.MaxCodeLength));
        if (slot is not null && SlotRules.ProblemOfName(slot) is { } badName && !SlotRules.LooksLikeADate(slot))
            fields.Add(badName);
        if (gtin is not null && Gtin.Problem(gtin) is { } wrong)
            fields.Add($"gtin \"{DocumentFields.Cut(gtin)}\" {wrong}");
        if (label is not null && PlanogramRules.ProblemOfLabel(label) is { } badLabel)
            fields.Add(badLabel);
        if (problems.Count > before || label is null)
            return;
        if (name is not null || sku is not null || gtin is not null)
            Declare(fields, products, new Product(label, name == label ? null : name, sku, gtin));
        if (slot is not null)
            positions.Add(new Position(slot, shelf, place, label, facings ?? 1));
    }

    /// <summary>Several rows of a product complete each other and must not contradict each other.</summary>
    static void Declare(CsvFields fields, Dictionary<string, Product> products, Product product)
    {
        Product known = products.GetValueOrDefault(product.Label) ?? product;
        foreach ((string what, string? here, string? earlier) in new[] { ("name", product.Name, known.Name), ("sku", product.Sku, known.Sku), ("gtin", product.Gtin, known.Gtin) })
        {
            if (here is not null && earlier is not null && here != earlier)
                fields.Add($"the product \"{product.Label}\" has the {what} \"{DocumentFields.Cut(here)}\" here and \"{DocumentFields.Cut(earlier)}\" in an earlier line");
        }
        products[product.Label] = known with { Name = known.Name ?? product.Name, Sku = known.Sku ?? product.Sku, Gtin = known.Gtin ?? product.Gtin };
    }
}
