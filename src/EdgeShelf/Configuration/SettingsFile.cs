using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeShelf.Shelf;

namespace EdgeShelf.Configuration;

/// <summary>Reads a whole configuration file. If the file is not valid, the message explains why and gives the line and the column, counted from 1.</summary>
static class SettingsFile
{
    const string Hint = "Fix the file and run `edgeshelf config validate`.";

    /// <summary>The same options as the JSON reader of .NET's configuration uses: comments and a comma after the last entry are allowed.</summary>
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>The JSON of the file, which is an object in which no key occurs twice.</returns>
    /// <exception cref="ConfigurationException">The file cannot be read or has different content.</exception>
    public static byte[] Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (FirstNotUtf8(bytes) is { } at)
            throw Problem(path, bytes, at, $"the byte 0x{bytes[at]:X2} is not UTF-8; save the file as UTF-8 text");
        if (bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new ConfigurationException($"The configuration file {path} is empty; a JSON object is needed, at least {{ }}.", Hint);
        Check(path, bytes);
        return bytes;
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new ConfigurationException($"The configuration file {path} cannot be read: {problem.Message}", "Let this user read the file, or run the command with sudo.", problem);
        }
        catch (IOException problem)
        {
            throw new ConfigurationException($"The configuration file {path} cannot be read: {problem.Message}", "Use --config to specify a file that can be read.", problem);
        }
    }

    static int? FirstNotUtf8(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) != System.Buffers.OperationStatus.Done)
                return at;
            at += length;
        }
        return null;
    }

    static void Check(string path, byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes, Lenient);
        // The set of keys of each open object; an array has none. Keys are compared without regard to case, as in the configuration.
        Stack<HashSet<string>?> open = [];
        try
        {
            while (reader.Read())
            {
                int at = (int)reader.TokenStartIndex;
                if (open.Count == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                    throw Problem(path, bytes, at, $"the file holds {Name(reader.TokenType)}; a JSON object with sections is needed, for example {{ \"Capture\": {{ \"Interval\": \"90s\" }} }}");
                if (reader.TokenType is JsonTokenType.StartObject)
                    open.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                else if (reader.TokenType is JsonTokenType.StartArray)
                    open.Push(null);
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    open.Pop();
                else if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                    CheckText(path, bytes, at, ref reader, open.Peek());
            }
        }
        catch (JsonException problem)
        {
            int at = Math.Min(OffsetOf(bytes, problem.LineNumber ?? 0) + (int)(problem.BytePositionInLine ?? 0), bytes.Length);
            throw Problem(path, bytes, at, Words(bytes, at, inObject: open.TryPeek(out HashSet<string>? keys) && keys is not null, isClosed: open.Count == 0), problem);
        }
    }

    static void CheckText(string path, byte[] bytes, int at, ref Utf8JsonReader reader, HashSet<string>? keys)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException problem)
        {
            throw Problem(path, bytes, at, "the text has half of a surrogate pair (\\ud800 to \\udfff) in it, which is not a character", problem);
        }
        if (reader.TokenType == JsonTokenType.PropertyName && !keys!.Add(text))
            throw Problem(path, bytes, at, $"the key \"{text}\" stands twice in one section; keep one of them");
    }

    /// <summary>Describes what is wrong, based on the text at this position and before it.</summary>
    static string Words(ReadOnlySpan<byte> bytes, int at, bool inObject, bool isClosed)
    {
        ReadOnlySpan<byte> before = bytes[..at].TrimEnd(" \t\r\n"u8);
        char last = before.IsEmpty ? '\0' : (char)before[^1];
        if (bytes[at..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return last == '\0' ? "there is no JSON in the file" : "the file ends too early; a closing bracket, a quote or a value is missing";
        Rune.DecodeFromUtf8(bytes[at..], out Rune found, out _);
        if (Rune.IsControl(found))
            return "a line break or another control character stands inside a text; close the text with \" on its own line";
        string what = $"'{found}' stands where ";
        return (last, inObject) switch
        {
            _ when isClosed && last == '}' => what + "the file should end; there is one } too many, or one { too few",
            _ when isClosed => what + "{ is needed: the file is a JSON object",
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

    const string Value = "a value is needed: text in double quotes, a number, true, false, null, { or [";

    static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a JSON array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        _ => "a single value",
    };

    /// <param name="line">The number of the line, counted from 0.</param>
    static int OffsetOf(ReadOnlySpan<byte> bytes, long line)
    {
        int offset = 0;
        for (; line > 0; line--)
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        return offset;
    }

    static ConfigurationException Problem(string path, ReadOnlySpan<byte> bytes, int at, string what, Exception? inner = null)
    {
        ReadOnlySpan<byte> before = bytes[..at];
        int line = before.Count((byte)'\n') + 1;
        int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}, column {column}: {what}."), Hint, inner);
    }
}
