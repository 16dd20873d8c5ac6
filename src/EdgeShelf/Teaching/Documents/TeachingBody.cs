using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Review;

namespace EdgeShelf.Teaching.Documents;

/// <summary>Reads the JSON bodies of requests that teach. All problems of a body are named in one message.</summary>
static class TeachingBody
{
    public const int MaxBytes = 64 << 10;

    /// <summary>The maximum length of a text in UTF-16 units; <see cref="ProductText"/> counts characters.</summary>
    const int MaxText = LabelText.MaxLength * 2;

    static readonly string[] ProductFields = ["name", "sku", "gtin"];

    /// <summary>`{"slots":["2-01"],"label":"milk"}`, or with `"expected":true` instead of a label.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static Lesson Lesson(ReadOnlyMemory<byte> json, string source) => Read(json, ["slots", "label", "expected", .. ProductFields, "confirm", "move"], fields =>
    {
        string[] slots = [.. Texts(fields, "slots", Teacher.MaxSlots)];
        string? label = fields.Text("label", MaxText);
        if (fields.Flag("expected") == (label is not null))
            fields.Add("either a label or `\"expected\": true` is needed");
        return new Lesson(source) { Slots = slots, Label = label, Product = Details(fields, label), Confirm = fields.Flag("confirm"), Move = fields.Flag("move") };
    });

    /// <summary>`{"result":"shelf-07-41","slot":"2-01","label":"milk"}`: a result's slot showed something else.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static (string Result, Lesson Lesson) Correction(ReadOnlyMemory<byte> json, string source) => Read(json, ["result", "slot", "label", .. ProductFields, "confirm", "move"], fields =>
    {
        string result = fields.Text("result", MaxText, required: true) ?? "";
        string slot = fields.Text("slot", MaxText, required: true) ?? "";
        string? label = fields.Text("label", MaxText, required: true);
        return (result, new Lesson(source) { Slots = [slot], Label = label, Product = Details(fields, label), Confirm = fields.Flag("confirm"), Move = fields.Flag("move") });
    });

    /// <summary>`{"label":"new","name":…,"sku":…,"gtin":…}`: what is not given stays.</summary>
    /// <param name="label">The label before.</param>
    /// <param name="before">The details before, or null.</param>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static (string Label, Product? Details, bool Confirm) Patch(ReadOnlyMemory<byte> json, string label, Product? before) => Read(json, ["label", .. ProductFields, "confirm"], fields =>
    {
        string to = fields.Text("label", MaxText) ?? label;
        Product? details = null;
        if (ProductFields.Any(fields.IsGiven))
        {
            details = ProductText.Product(
                to,
                fields.IsGiven("name") ? fields.Text("name", MaxText) : before?.Name,
                fields.IsGiven("sku") ? fields.Text("sku", MaxText) : before?.Sku,
                fields.IsGiven("gtin") ? fields.Text("gtin", MaxText) : before?.Gtin);
        }
        return (to, details, fields.Flag("confirm"));
    });

    /// <summary>`{"into":"milk"}`.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static (string Into, bool Confirm) Merge(ReadOnlyMemory<byte> json) =>
        Read(json, ["into", "confirm"], fields => (fields.Text("into", MaxText, required: true) ?? "", fields.Flag("confirm")));

    /// <summary>`{"examples":[3,4],"label":"cream"}`.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static (IReadOnlyList<long> Examples, string Label, Product? Details, bool Confirm) Split(ReadOnlyMemory<byte> json) => Read(json, ["examples", "label", .. ProductFields, "confirm"], fields =>
    {
        long[] ids = [.. Numbers(fields, "examples", 1000, "a product has fewer examples")];
        string? label = fields.Text("label", MaxText, required: true);
        return ((IReadOnlyList<long>)ids, label ?? "", Details(fields, label), fields.Flag("confirm"));
    });

    /// <summary>`{"ids":[3,4],"answer":"correct","label":"milk"}`, or with `"expected":true` instead of the label.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static ReviewRequest Review(ReadOnlyMemory<byte> json, string source) => Read(json, ["ids", "answer", "label", "expected", .. ProductFields, "confirm", "move"], fields =>
    {
        long[] ids = [.. Numbers(fields, "ids", Reviewer.MaxIds, "no more can wait")];
        string answer = fields.Text("answer", MaxText, required: true) ?? "";
        if (!ReviewAnswers.All.Contains(answer))
            fields.Add($"answer must be one of {string.Join(", ", ReviewAnswers.All)}");
        string? label = fields.Text("label", MaxText);
        bool isExpected = fields.Flag("expected");
        if (answer == ReviewAnswers.Correct ? isExpected == (label is not null) : isExpected || label is not null)
            fields.Add($"a label or `\"expected\": true` belongs to the answer `{ReviewAnswers.Correct}`, and that needs one of the two");
        return new ReviewRequest(ids, answer, source)
        {
            Label = label,
            Expected = isExpected,
            Product = Details(fields, label),
            Confirm = fields.Flag("confirm"),
            Move = fields.Flag("move"),
        };
    });

    /// <summary>`{"turn":12}`: the answers to take back.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static long Turn(ReadOnlyMemory<byte> json) => Read(json, ["turn"], fields => (long)(fields.Integer("turn", 1, int.MaxValue, required: true) ?? 0));

    /// <summary>`{"step":12}`, or nothing for the last step.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static long? Undo(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : Read(json, ["step"], fields => (long?)fields.Integer("step", 1, int.MaxValue));

    /// <summary>`{"only_taught":true}`, or nothing.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static bool Training(ReadOnlyMemory<byte> json) => !json.IsEmpty && Read(json, ["only_taught"], fields => fields.Flag("only_taught"));

    /// <summary>`{"name":"shelf-0001"}`.</summary>
    /// <exception cref="TeachingException">The body is not understood.</exception>
    public static string ModelName(ReadOnlyMemory<byte> json) => Read(json, ["name"], fields => fields.Text("name", MaxText, required: true) ?? "");

    static Product? Details(DocumentFields fields, string? label)
    {
        (string? name, string? sku, string? gtin) = (fields.Text("name", MaxText), fields.Text("sku", MaxText), fields.Text("gtin", MaxText));
        if (name is null && sku is null && gtin is null)
            return null;
        if (label is null)
            fields.Add("name, sku and gtin belong to a label");
        return label is null ? null : ProductText.Product(label, name, sku, gtin);
    }

    static IEnumerable<long> Numbers(DocumentFields fields, string name, int max, string why)
    {
        foreach (JsonElement item in fields.List(name, max, why))
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long number))
                yield return number;
            else
                fields.Add($"{name} has an entry that is not a whole number");
        }
    }

    static IEnumerable<string> Texts(DocumentFields fields, string name, int max)
    {
        foreach (JsonElement item in fields.List(name, max, "a bay has no more slots"))
        {
            if (item.ValueKind == JsonValueKind.String)
                yield return item.GetString()!;
            else
                fields.Add($"{name} has an entry that is not a text");
        }
    }

    static T Read<T>(ReadOnlyMemory<byte> json, string[] known, Func<DocumentFields, T> read)
    {
        List<string> problems = [];
        try
        {
            T value = DocumentFields.Read(json, TeachingException.BadRequest, root => read(new DocumentFields(root, "", problems, known)));
            return problems.Count == 0 ? value : throw Bad(problems);
        }
        catch (PlanProblemsException problem)
        {
            throw Bad(problem.Problems);
        }
    }

    static TeachingException Bad(IReadOnlyList<string> problems) =>
        new(TeachingException.BadRequest, $"The request is not understood: {string.Join("; ", problems)}.", "Correct it and send it again. Nothing was changed.");
}
