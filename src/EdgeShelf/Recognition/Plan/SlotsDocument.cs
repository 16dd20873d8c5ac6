using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>`slots.json`: where the slots are. `schemas/slots.schema.json` is the machine-readable form of this contract.</summary>
/// <param name="Slots">The slots, in the order in which they were given.</param>
/// <param name="Reference">The picture on which they were drawn. What a sender says about it is not used.</param>
sealed partial record SlotsDocument(IReadOnlyList<Slot> Slots, ReferencePicture? Reference) : StoredDocument
{
    public static SlotsDocument None { get; } = new([], null);

    /// <summary>The number of the version that the sender knows. If another one is in force, the change is refused.</summary>
    public int? IfVersion { get; init; }

    /// <summary>The label of what belongs in each slot, as a CSV file may have it. `empty` stands for a place without goods.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The planogram that the labels make, or null if there are none. The labels are its products, which can then be taught.</summary>
    public Planogram? PlanogramOfLabels()
    {
        Position[] positions = [.. Slots.Where(slot => Labels.TryGetValue(slot.Name, out string? label) && label != Planogram.EmptyLabel)
            .Select(slot => new Position(slot.Name, slot.Shelf, null, Labels[slot.Name], 1))];
        return positions.Length == 0 ? null
            : new Planogram("slots", "1", null, [.. positions.Select(position => position.Label).Distinct().Select(label => new Product(label, null, null, null))], positions);
    }

    public SlotMap Map => new(Number, Slots, Reference);

    /// <exception cref="PlanProblemsException">The document is not valid; each problem is named.</exception>
    public static SlotsDocument Parse(ReadOnlyMemory<byte> json) => DocumentFields.Read(json, PlanProblemsException.BadSlots, root =>
    {
        List<string> problems = [];
        DocumentFields fields = new(root, "", problems, "schema", "version", "if_version", "changed_at", "changed_by", "reference", "slots", "warnings");
        SlotsDocument document = None;
        if (root.ValueKind == JsonValueKind.Object)
        {
            fields.Schema();
            List<Slot> slots = [];
            foreach ((int index, JsonElement slot) in fields.List("slots", SlotMap.MaxSlots, SlotRules.WhyMaxSlots).Index())
                AddSlot(slots, slot, index, problems);
            problems.AddRange(SlotRules.ProblemsOf(slots));
            document = new SlotsDocument(slots, ReadReference(fields))
            {
                Number = fields.Integer("version", 0, int.MaxValue) ?? 0,
                IfVersion = fields.Integer("if_version", 0, int.MaxValue),
                ChangedAt = fields.Time("changed_at"),
                ChangedBy = fields.Text("changed_by", 64),
            };
        }
        return problems.Count == 0 ? document : throw new PlanProblemsException(PlanProblemsException.BadSlots, problems);
    });

    public override byte[] ToJson(IReadOnlyList<string>? warnings = null)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, PlanJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            json.WriteNumber("version", Number);
            PlanJson.WriteChange(json, this);
            if (Reference is { } reference)
            {
                json.WriteStartObject("reference");
                json.WriteString("sha256", reference.Sha256);
                json.WriteNumber("width", reference.Width);
                json.WriteNumber("height", reference.Height);
                json.WriteString("taken_at", DocumentFields.TimeText(reference.TakenAt));
                json.WriteEndObject();
            }
            else
                json.WriteNull("reference");
            json.WriteStartArray("slots");
            foreach (Slot slot in Slots)
            {
                json.WriteStartObject();
                json.WriteString("slot", slot.Name);
                PlanJson.WriteNumber(json, "shelf", slot.Shelf);
                json.WriteNumber("x", slot.Region.X);
                json.WriteNumber("y", slot.Region.Y);
                json.WriteNumber("width", slot.Region.Width);
                json.WriteNumber("height", slot.Region.Height);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            PlanJson.WriteWarnings(json, warnings);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    static void AddSlot(List<Slot> slots, JsonElement element, int index, List<string> problems)
    {
        int before = problems.Count;
        string? named = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("slot", out JsonElement given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        string place = named is not null && SlotRules.ProblemOfName(named) is null ? $"slot {named}" : $"slots[{index}]";
        DocumentFields fields = new(element, place, problems, "slot", "shelf", "x", "y", "width", "height");
        if (element.ValueKind != JsonValueKind.Object)
            return;
        string? name = fields.Text("slot", int.MaxValue, required: true);
        if (name is not null && SlotRules.ProblemOfName(name) is { } problem)
            fields.Add(problem);
        int? shelf = fields.Integer("shelf", 1, SlotRules.MaxNumber);
        (double? x, double? y, double? width, double? height) = (fields.Number("x"), fields.Number("y"), fields.Number("width"), fields.Number("height"));
        if (x is null || y is null || width is null || height is null)
            return;
        Region region = new(x.Value, y.Value, width.Value, height.Value);
        foreach (string wrong in SlotRules.ProblemsOf(region))
            fields.Add(wrong);
        if (problems.Count == before)
            slots.Add(new Slot(name!, shelf, region));
    }

    static ReferencePicture? ReadReference(DocumentFields document)
    {
        if (document.Inner("reference", "sha256", "width", "height", "taken_at") is not { } fields)
            return null;
        string? sha256 = fields.Text("sha256", 64, required: true);
        if (sha256 is not null && !Hash().IsMatch(sha256))
            fields.Add($"sha256 is \"{DocumentFields.Cut(sha256)}\"; 64 hexadecimal digits in lower case are needed");
        (int? width, int? height) = (fields.Integer("width", 1, 100_000, required: true), fields.Integer("height", 1, 100_000, required: true));
        DateTimeOffset? taken = fields.Time("taken_at");
        if (taken is null && !fields.Has("taken_at"))
            fields.Add("taken_at is missing");
        return sha256 is not null && width is not null && height is not null && taken is not null ? new ReferencePicture(sha256, width.Value, height.Value, taken.Value) : null;
    }

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Hash();
}
