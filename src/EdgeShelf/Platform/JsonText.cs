using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeShelf.Platform;

/// <summary>A place in a text and what is wrong there, without a period at the end. Line and column are counted from 1.</summary>
readonly record struct JsonFault(int Line, int Column, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {What}");
}

/// <summary>Says in plain words why a text is not the JSON that is needed. The words of the JSON reader name its own types and count lines from 0.</summary>
static class JsonText
{
    const int MaxDepth = 64;
    const string Value = "a value is needed: text in double quotes, a number, true, false, null, { or [";

    /// <summary>Writes a tree of JSON as UTF-8.</summary>
    /// <param name="options">How it is escaped and indented. They need no types, because a tree has none of its own.</param>
    public static byte[] Bytes(JsonNode tree, JsonSerializerOptions options) => Encoding.UTF8.GetBytes(tree.ToJsonString(options));

    public static ReadOnlySpan<byte> WithoutPreamble(ReadOnlySpan<byte> json) => json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

    public static bool IsEmpty(ReadOnlySpan<byte> json) => json.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Finds the first fault: bytes that are not UTF-8, wrong syntax, a value that is not an object, a key that occurs twice, or half of a surrogate pair.</summary>
    /// <param name="whole">What the text is, for the message: `file`, `request`.</param>
    /// <param name="needed">What is needed instead of another value: `a JSON object is needed`.</param>
    /// <param name="allowsBlankKeys">Whether a key may be empty or consist of spaces; a message that only names such a key would not show it.</param>
    public static JsonFault? FindFault(ReadOnlySpan<byte> json, JsonReaderOptions options, string whole, string needed, bool allowsBlankKeys = true)
    {
        if (FirstNotUtf8(json) is { } notUtf8)
            return At(json, notUtf8, $"the byte 0x{json[notUtf8]:X2} is not UTF-8; save the {whole} as UTF-8 text");
        Utf8JsonReader reader = new(json, options);
        // The set of keys of each open object; an array has none. Keys are compared without regard to case, as those who read them do.
        Stack<HashSet<string>?> open = [];
        try
        {
            while (reader.Read())
            {
                int at = (int)reader.TokenStartIndex;
                if (open.Count == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                    return At(json, at, $"the {whole} holds {Name(reader.TokenType)}; {needed}");
                if (reader.TokenType is JsonTokenType.StartObject)
                    open.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                else if (reader.TokenType is JsonTokenType.StartArray)
                    open.Push(null);
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    open.Pop();
                else if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && ProblemOf(ref reader, open.Peek(), allowsBlankKeys) is { } problem)
                    return At(json, at, problem);
            }
            return null;
        }
        catch (JsonException problem)
        {
            int at = OffsetOf(json, problem);
            return At(json, at, open.Count >= MaxDepth ? $"more than {MaxDepth} brackets are open here" : Words(json, at, whole, open.TryPeek(out HashSet<string>? keys) && keys is not null, open.Count == 0));
        }
    }

    /// <summary>Returns the value at which a deserializer stopped, as it stands in the text, and its offset.</summary>
    /// <param name="json">JSON without a fault of syntax.</param>
    public static (int Offset, string Value) ValueAt(ReadOnlySpan<byte> json, JsonReaderOptions options, JsonException problem)
    {
        int end = OffsetOf(json, problem);
        Utf8JsonReader reader = new(json, options);
        while (reader.Read() && reader.BytesConsumed < end)
        {
        }
        int at = (int)reader.TokenStartIndex;
        return (at, reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.EndObject => "an object",
            JsonTokenType.StartArray or JsonTokenType.EndArray => "a list",
            _ => PlainText.Shown(Encoding.UTF8.GetString(json[at..(int)reader.BytesConsumed]), 40),
        });
    }

    public static JsonFault At(ReadOnlySpan<byte> json, int offset, string what)
    {
        ReadOnlySpan<byte> before = json[..offset];
        return new JsonFault(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1, what);
    }

    static int? FirstNotUtf8(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) != OperationStatus.Done)
                return at;
            at += length;
        }
        return null;
    }

    static string? ProblemOf(ref Utf8JsonReader reader, HashSet<string>? keys, bool allowsBlankKeys)
    {
        try
        {
            string text = reader.GetString()!;
            if (reader.TokenType == JsonTokenType.PropertyName && !allowsBlankKeys && string.IsNullOrWhiteSpace(text))
                return "the key is empty; write the name of what stands behind it, or remove both";
            return reader.TokenType != JsonTokenType.PropertyName || keys!.Add(text) ? null : $"the key \"{PlainText.Shown(text)}\" stands twice in one section; keep one of them";
        }
        catch (InvalidOperationException)
        {
            return "the text has half of a surrogate pair (\\ud800 to \\udfff) in it, which is not a character";
        }
    }

    /// <summary>Describes what is wrong, based on the text at this position and before it.</summary>
    static string Words(ReadOnlySpan<byte> bytes, int at, string whole, bool inObject, bool isClosed)
    {
        ReadOnlySpan<byte> before = bytes[..at].TrimEnd(" \t\r\n"u8);
        char last = before.IsEmpty ? '\0' : (char)before[^1];
        if (IsEmpty(bytes[at..]))
            return last == '\0' ? $"there is no JSON in the {whole}" : $"the {whole} ends too early; a closing bracket, a quote or a value is missing";
        Rune.DecodeFromUtf8(bytes[at..], out Rune found, out _);
        if (Rune.IsControl(found))
            return "a line break or another control character stands inside a text; close the text with \" on its own line";
        string what = $"'{found}' stands where ";
        return (last, inObject) switch
        {
            _ when isClosed && last == '}' => what + $"the {whole} should end; there is one }} too many, or one {{ too few",
            _ when isClosed => what + $"{{ is needed: the {whole} is a JSON object",
            ('\\', _) => what + "an escape is begun with \\; allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits",
            (':', _) => what + Value,
            ('{', _) => what + "a key in double quotes or } is needed",
            (',', true) => what + "a key in double quotes is needed",
            (',' or '[', false) => what + Value,
            ('"', true) => what + "a colon after a key, or a comma or } after a value, is needed",
            (_, true) => what + "a comma or } is needed",
            _ => what + "a comma or ] is needed",
        };
    }

    static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a JSON array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        _ => "a single value",
    };

    static int OffsetOf(ReadOnlySpan<byte> bytes, JsonException problem)
    {
        int offset = 0;
        for (long line = problem.LineNumber ?? 0; line > 0; line--)
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        return Math.Min(offset + (int)(problem.BytePositionInLine ?? 0), bytes.Length);
    }
}
