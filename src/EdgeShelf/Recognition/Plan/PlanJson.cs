using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeShelf.Recognition.Plan;

/// <summary>What the writers of the two documents share.</summary>
static class PlanJson
{
    /// <summary>The relaxed encoder leaves letters such as ü readable; the documents are never put into a web page as they are.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteChange(Utf8JsonWriter json, StoredDocument document)
    {
        if (document.ChangedAt is { } at)
            json.WriteString("changed_at", DocumentFields.TimeText(at));
        if (document.ChangedBy is { } by)
            json.WriteString("changed_by", by);
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    public static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
        else
            json.WriteNull(name);
    }

    public static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<string>? warnings)
    {
        if (warnings is null)
            return;
        json.WriteStartArray("warnings");
        foreach (string warning in warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }
}
