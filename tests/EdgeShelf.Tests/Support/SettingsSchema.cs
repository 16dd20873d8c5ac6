using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Configuration;

namespace EdgeShelf.Tests.Support;

/// <summary>Makes the JSON Schema of the configuration file from the options classes and the table of settings in systemd/README.md.</summary>
static class SettingsSchema
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Create()
    {
        Dictionary<string, SettingDescription> descriptions = SettingDescriptions.Read();
        JsonObject root = Section("The settings of EdgeShelf, /etc/edgeshelf/edgeshelf.json.");
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root["properties"]!["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "The place of this schema, for editors." };
        foreach (Setting setting in Setting.All)
        {
            JsonObject section = root;
            string[] path = setting.Key.Split(':');
            foreach (string name in path[..^1])
                section = (JsonObject)(section["properties"]![name] ??= Section(null));
            JsonObject value = ValueOf(setting);
            value["description"] = Plain(descriptions[setting.Key]);
            section["properties"]![path[^1]] = value;
        }
        return root.ToJsonString(Readable) + "\n";
    }

    static JsonObject Section(string? description)
    {
        JsonObject section = [];
        if (description is not null)
            section["description"] = description;
        section["type"] = "object";
        section["additionalProperties"] = false;
        section["properties"] = new JsonObject();
        return section;
    }

    static JsonObject ValueOf(Setting setting)
    {
        if (setting.IsList)
            return new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };
        if (setting.Type == typeof(TimeSpan))
            return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = 0 }, new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("90s", "00:01:30") }) };
        if (setting.Type != typeof(bool) && setting.Values.Count > 0)
            return new JsonObject { ["enum"] = new JsonArray([.. setting.Values.Select(value => (JsonNode)value), .. setting.MayBeNull ? [null] : (JsonNode?[])[]]) };
        string type = Type.GetTypeCode(setting.Type) switch
        {
            TypeCode.Boolean => "boolean",
            TypeCode.Int32 or TypeCode.Int64 => "integer",
            TypeCode.Single or TypeCode.Double => "number",
            TypeCode.String => "string",
            TypeCode other => throw new InvalidOperationException($"{setting.Key} has the type {other}, which has no type in the schema yet."),
        };
        return new JsonObject { ["type"] = setting.MayBeNull ? new JsonArray(type, "null") : JsonValue.Create(type) };
    }

    /// <summary>The description for an editor, which shows plain text.</summary>
    static string Plain(SettingDescription description)
    {
        string text = description.Default.Length > 0 ? $"{description.What} Default: {description.Default}." : description.What;
        return text.Replace("`", "", StringComparison.Ordinal);
    }
}
