using System.Text.Json;
using EdgeShelf.Publish.Documents;
using Json.Schema;

namespace EdgeShelf.Tests.Support;

/// <summary>The JSON Schemas that ship with the program.</summary>
static class Schemas
{
    static readonly Dictionary<string, JsonSchema> ByName = Load();

    /// <summary>Fails with what is wrong; also when the document has a field that the schema does not describe.</summary>
    public static void AssertValid(string name, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        EvaluationResults results = ByName[name].Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, $"{name}: {JsonSerializer.Serialize(results, ResultDocument.Json)}\n{json}");
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(FileOf(name)));
        AssertDescribed(document.RootElement, schema.RootElement, name);
    }

    /// <summary>Fails with what is wrong with the payload of a message that asyncapi.json describes itself.</summary>
    public static void AssertMessage(string message, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json), api = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schemas", "asyncapi.json")));
        JsonElement payload = api.RootElement.GetProperty("components").GetProperty("messages").GetProperty(message).GetProperty("payload");
        EvaluationResults results = JsonSchema.FromText(payload.GetRawText()).Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, $"{message}: {JsonSerializer.Serialize(results, ResultDocument.Json)}\n{json}");
        AssertDescribed(document.RootElement, payload, message);
    }

    public static bool IsValid(string name, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ByName[name].Evaluate(document.RootElement).IsValid;
    }

    static string FileOf(string name) => Path.Combine(AppContext.BaseDirectory, "schemas", $"{name}.schema.json");

    static Dictionary<string, JsonSchema> Load()
    {
        // The result comes first, since the others refer to it, and the slots before the planogram.
        string[] names = ["result", "event", "state", "shelf", "response", "upload", "slots", "planogram", "desired", "reported"];
        return names.ToDictionary(name => name, name => JsonSchema.FromText(File.ReadAllText(FileOf(name))));
    }

    static void AssertDescribed(JsonElement value, JsonElement schema, string path)
    {
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            foreach (JsonElement item in value.EnumerateArray())
                AssertDescribed(item, items, path + "[]");
        }
        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out JsonElement properties))
            return;
        foreach (JsonProperty property in value.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(property.Name, out JsonElement inner), $"{path}.{property.Name} is not in the schema.");
            AssertDescribed(property.Value, inner, $"{path}.{property.Name}");
        }
    }
}
