using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Models;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Reads the fields of one JSON object. It collects every problem together with its place and does not stop at the first one.</summary>
sealed partial class DocumentFields
{
    /// <summary>The maximum number of characters of a value in a problem.</summary>
    const int MaxShown = 40;

    readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    readonly List<string> _problems;
    readonly string _place;

    /// <param name="place">The place of the object in the document, for messages. Empty for the document itself.</param>
    /// <param name="problems">The list to which problems are added.</param>
    /// <param name="known">The names of the fields that the object may have.</param>
    public DocumentFields(JsonElement element, string place, List<string> problems, params string[] known)
    {
        (_problems, _place) = (problems, place);
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add($"{Shown(element)} was found; an object is needed");
            return;
        }
        foreach (JsonProperty field in element.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                Add($"the field `{Cut(field.Name)}` is unknown; allowed are {string.Join(", ", known)}");
            else if (!_fields.TryAdd(field.Name, field.Value))
                Add($"the field `{field.Name}` is there twice");
        }
    }

    /// <summary>Reads the root of a document.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <exception cref="PlanProblemsException">The text is no JSON, or a text in it cannot be decoded.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, string code, Func<JsonElement, T> read)
    {
        if (json.Span is [0xEF, 0xBB, 0xBF, ..])
            json = json[3..];
        if (json.Span.TrimStart(" \t\r\n"u8).IsEmpty)
            throw new PlanProblemsException(code, ["the document is empty; a JSON object is needed"]);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return read(document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new PlanProblemsException(code, [string.Create(CultureInfo.InvariantCulture, $"the text is not valid JSON from line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1} on")], problem);
        }
        catch (InvalidOperationException problem)
        {
            // System.Text.Json throws this exception for a text that it cannot decode.
            throw new PlanProblemsException(code, ["the document has half of a surrogate pair (\\ud800 to \\udfff) in a text, or bytes that are not UTF-8"], problem);
        }
    }

    /// <summary>Adds a problem with the place of this object.</summary>
    public void Add(string problem) => _problems.Add(_place.Length == 0 ? problem : $"{_place}: {problem}");

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => _fields.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the field is there, null or not.</summary>
    public bool IsGiven(string name) => _fields.ContainsKey(name);

    /// <summary>Reads true or false. Returns false if the field is missing, null or wrong.</summary>
    public bool Flag(string name)
    {
        if (!Find(name, required: false, out JsonElement value))
            return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Add($"{name} is {Shown(value)}; true or false is needed");
        return false;
    }

    /// <summary>Reads the version of the format, which must be 1. A document without it is one that a person wrote, and counts as 1.</summary>
    public void Schema()
    {
        if (Integer("schema", int.MinValue, int.MaxValue) is { } schema && schema != 1)
            Add($"schema is {schema}; 1 is needed");
    }

    /// <summary>Reads a whole number. Returns null if the field is missing, null or wrong.</summary>
    public int? Integer(string name, int min, int max, bool required = false)
    {
        if (!Find(name, required, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && Math.Floor(number) == number && number >= min && number <= max)
            return (int)number;
        Add($"{name} is {Shown(value)}; {(max == int.MaxValue ? $"a whole number from {min} up" : $"a whole number from {min} to {max}")} is needed");
        return null;
    }

    /// <summary>Reads a number. Returns null if the field is missing or no number.</summary>
    public double? Number(string name)
    {
        if (!Find(name, required: true, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
            return number;
        Add($"{name} is {Shown(value)}; a number from 0 to 1 is needed");
        return null;
    }

    /// <summary>Reads a text in the form in which labels are compared. Returns null if the field is missing, null or wrong.</summary>
    public string? Text(string name, int maxLength, bool required = false) =>
        Find(name, required, out JsonElement value) ? CleanText(name, value, maxLength) : null;

    /// <summary>Reads a time with its offset, as RFC 3339 writes it. Returns null if the field is missing, null or wrong.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (!Find(name, required: false, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.String && TryParseTime(value.GetString()!, out DateTimeOffset time))
            return time;
        Add($"{name} is {Shown(value)}; a time with its offset is needed, as {TimeExample}");
        return null;
    }

    public const string TimeExample = "2026-08-01T06:00:00Z or 2026-08-01T08:00:00+02:00";

    /// <summary>A time without an offset is refused, because the sender's time zone is not known here.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time)
    {
        time = default;
        return Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    /// <summary>Writes a time as RFC 3339 in UTC with milliseconds.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a list. Returns no items if the field is missing or no list.</summary>
    /// <param name="maxItems">Items beyond this number are not returned; their number is a problem.</param>
    /// <param name="why">Why there is a maximum.</param>
    public IReadOnlyList<JsonElement> List(string name, int maxItems, string why)
    {
        if (!Find(name, required: true, out JsonElement value))
            return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add($"{name} is {Shown(value)}; a list is needed");
            return [];
        }
        if (value.GetArrayLength() > maxItems)
            Add($"{name} has {value.GetArrayLength()} entries; at most {maxItems} are possible, because {why}");
        return [.. value.EnumerateArray().Take(maxItems)];
    }

    /// <summary>Reads an inner object. Returns null if the field is missing or null.</summary>
    public DocumentFields? Inner(string name, params string[] known) =>
        Find(name, required: false, out JsonElement value) ? new DocumentFields(value, _place.Length == 0 ? name : $"{_place}, {name}", _problems, known) : null;

    string? CleanText(string name, JsonElement value, int maxLength)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Add($"{name} is {Shown(value)}; a text is needed");
            return null;
        }
        string text = LabelText.Clean(value.GetString()!);
        if (LabelText.Problem(text, maxLength) is not { } problem)
            return text;
        Add($"{name} {problem}");
        return null;
    }

    bool Find(string name, bool required, out JsonElement value)
    {
        bool isThere = _fields.TryGetValue(name, out value);
        if (isThere && value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            Add(isThere ? $"{name} is null" : $"{name} is missing");
        return false;
    }

    static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{Cut(value.GetString()!)}\"",
        _ => Cut(value.GetRawText()),
    };

    /// <summary>Shortens a text from outside and shows control characters as codes.</summary>
    public static string Cut(string text) => Platform.PlainText.Shown(text, MaxShown);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();
}
