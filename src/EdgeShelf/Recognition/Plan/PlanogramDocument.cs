using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>`planogram.json`: what belongs where. `schemas/planogram.schema.json` is the machine-readable form of this contract.</summary>
sealed record PlanogramDocument(Planogram Planogram) : StoredDocument
{
    /// <summary>The number of the revision that the sender knows. If another one is in force, the change is refused.</summary>
    public int? IfRevision { get; init; }

    /// <summary>Checks what can be checked without this device's slots and labels; <see cref="PlanogramRules.ProblemsHere"/> does the rest.</summary>
    /// <exception cref="PlanProblemsException">The document is not valid; each problem is named.</exception>
    public static PlanogramDocument Parse(ReadOnlyMemory<byte> json) => DocumentFields.Read(json, PlanProblemsException.BadPlanogram, root =>
    {
        List<string> problems = [];
        DocumentFields fields = new(
            root, "", problems, "schema", "revision", "if_revision", "changed_at", "changed_by", "name", "version", "valid_from", "products", "positions", "warnings");
        PlanogramDocument? document = null;
        if (root.ValueKind == JsonValueKind.Object)
        {
            fields.Schema();
            (string? name, string? version) = (fields.Text("name", LabelText.MaxCodeLength, required: true), fields.Text("version", LabelText.MaxCodeLength, required: true));
            DateTimeOffset? validFrom = fields.Time("valid_from");
            List<Product> products = [];
            foreach ((int index, JsonElement product) in fields.List("products", PlanogramRules.MaxProducts, "a bay shows fewer").Index())
                AddProduct(products, product, index, problems);
            List<Position> positions = [];
            foreach ((int index, JsonElement position) in fields.List("positions", SlotMap.MaxSlots, "there are at most as many slots").Index())
                AddPosition(positions, position, index, problems);
            problems.AddRange(PlanogramRules.ProblemsOf(products, positions));
            document = new PlanogramDocument(new Planogram(name ?? "", version ?? "", validFrom, products, positions))
            {
                Number = fields.Integer("revision", 0, int.MaxValue) ?? 0,
                IfRevision = fields.Integer("if_revision", 0, int.MaxValue),
                ChangedAt = fields.Time("changed_at"),
                ChangedBy = fields.Text("changed_by", LabelText.MaxCodeLength),
            };
        }
        return problems.Count == 0 ? document! : throw new PlanProblemsException(PlanProblemsException.BadPlanogram, problems);
    });

    /// <summary>Whether two documents say the same, whatever their numbers are.</summary>
    public bool IsSameAs(PlanogramDocument other) =>
        (Planogram.Id, Planogram.ValidFrom) == (other.Planogram.Id, other.Planogram.ValidFrom)
        && Planogram.Products.SequenceEqual(other.Planogram.Products) && Planogram.Positions.SequenceEqual(other.Planogram.Positions);

    public override byte[] ToJson(IReadOnlyList<string>? warnings = null)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, PlanJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            json.WriteNumber("revision", Number);
            PlanJson.WriteChange(json, this);
            json.WriteString("name", Planogram.Name);
            json.WriteString("version", Planogram.Version);
            PlanJson.WriteText(json, "valid_from", Planogram.ValidFrom is { } from ? DocumentFields.TimeText(from) : null);
            json.WriteStartArray("products");
            foreach (Product product in Planogram.Products)
            {
                json.WriteStartObject();
                json.WriteString("label", product.Label);
                PlanJson.WriteText(json, "name", product.Name);
                PlanJson.WriteText(json, "sku", product.Sku);
                PlanJson.WriteText(json, "gtin", product.Gtin);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("positions");
            foreach (Position position in Planogram.Positions)
            {
                json.WriteStartObject();
                json.WriteString("slot", position.Slot);
                PlanJson.WriteNumber(json, "shelf", position.Shelf);
                PlanJson.WriteNumber(json, "position", position.Place);
                json.WriteString("label", position.Label);
                json.WriteNumber("facings", position.Facings);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            PlanJson.WriteWarnings(json, warnings);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    static void AddProduct(List<Product> products, JsonElement element, int index, List<string> problems)
    {
        DocumentFields fields = new(element, $"products[{index}]", problems, "label", "name", "sku", "gtin");
        if (element.ValueKind != JsonValueKind.Object)
            return;
        string? label = fields.Text("label", LabelText.MaxLength, required: true);
        (string? name, string? sku, string? gtin) = (fields.Text("name", LabelText.MaxLength), fields.Text("sku", LabelText.MaxCodeLength), fields.Text("gtin", LabelText.MaxCodeLength));
        if (gtin is not null && Gtin.Problem(gtin) is { } wrong)
            fields.Add($"gtin \"{DocumentFields.Cut(gtin)}\" {wrong}");
        if (label is null)
            return;
        if (PlanogramRules.ProblemOfLabel(label) is { } problem)
            fields.Add(problem);
        products.Add(new Product(label, name, sku, gtin));
    }

    static void AddPosition(List<Position> positions, JsonElement element, int index, List<string> problems)
    {
        DocumentFields fields = new(element, $"positions[{index}]", problems, "slot", "shelf", "position", "label", "facings");
        if (element.ValueKind != JsonValueKind.Object)
            return;
        string? slot = fields.Text("slot", LabelText.MaxCodeLength, required: true);
        string? label = fields.Text("label", LabelText.MaxLength, required: true);
        (int? shelf, int? place) = (fields.Integer("shelf", 1, SlotRules.MaxNumber), fields.Integer("position", 1, SlotRules.MaxNumber));
        int? facings = fields.Integer("facings", 1, PlanogramRules.MaxFacings);
        if (slot is not null && SlotRules.ProblemOfName(slot) is { } badName)
            fields.Add(badName);
        if (label is not null && PlanogramRules.ProblemOfLabel(label) is { } problem)
            fields.Add(problem);
        if (slot is not null && label is not null)
            positions.Add(new Position(slot, shelf, place, label, facings ?? 1));
    }
}
