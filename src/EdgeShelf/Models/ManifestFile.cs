using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using EdgeShelf.Platform;

namespace EdgeShelf.Models;

/// <summary>Reads the JSON files of models, and says in plain words what is wrong with one, with line and column.</summary>
static partial class ManifestFile
{
    static JsonReaderOptions Strict => default;

    /// <param name="problem">Why the bytes are not such a document, as the end of a sentence without a period.</param>
    public static bool TryParse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? document, [NotNullWhen(false)] out string? problem) where T : class
    {
        (document, problem) = (null, null);
        json = JsonText.WithoutPreamble(json);
        if (JsonText.IsEmpty(json))
        {
            problem = "it is empty";
            return false;
        }
        if (JsonText.FindFault(json, Strict, "file", "a JSON object is needed") is { } fault)
        {
            problem = fault.ToString();
            return false;
        }
        if (AbsentKeys(type, json) is { Length: > 0 } absent)
        {
            problem = $"the {(absent.Length == 1 ? "key" : "keys")} {string.Join(", ", absent)} {(absent.Length == 1 ? "is" : "are")} missing";
            return false;
        }
        try
        {
            document = JsonSerializer.Deserialize(json, type)!;
            return true;
        }
        catch (JsonException wrong)
        {
            (int offset, string value) = JsonText.ValueAt(json, Strict, wrong);
            string key = wrong.Path is ['$', '.', .. var path] ? path : wrong.Path ?? "the file";
            problem = JsonText.At(json, offset, $"{PlainText.Shown(key)} is {value}; {Needed(type, wrong.Path ?? "")} is needed").ToString();
            return false;
        }
    }

    static string[] AbsentKeys(JsonTypeInfo type, ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, Strict);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        HashSet<string> keys = new(document.RootElement.EnumerateObject().Select(property => property.Name), StringComparer.OrdinalIgnoreCase);
        return [.. type.Properties.Where(property => property.IsRequired && !keys.Contains(property.Name)).Select(property => property.Name)];
    }

    /// <summary>Describes the value that a key must have.</summary>
    /// <param name="path">As <see cref="JsonException.Path"/> has it: `$.input.mean[0]`.</param>
    static string Needed(JsonTypeInfo root, string path)
    {
        Type type = root.Type;
        foreach (Match step in Step().Matches(path))
        {
            JsonTypeInfo info = root.Options.GetTypeInfo(type);
            string name = step.Groups["name"].Value;
            Type? next = info.Kind == JsonTypeInfoKind.Object
                ? info.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType
                : info.ElementType;
            if (next is null)
                return "another value";
            type = Nullable.GetUnderlyingType(next) ?? next;
        }
        return type == typeof(string) ? "text in double quotes"
            : type == typeof(int) ? "a whole number"
            : type == typeof(double) ? "a number"
            : root.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list in [ ]" : "an object in { }";
    }

    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\['(?<name>[^']*)'\]|\[(?<name>[0-9]+)\]")]
    private static partial Regex Step();
}
