using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeShelf.Publish.Requests;

/// <summary>
/// The content of a `request/…`: nothing, plain text, or `{"value":…,"transaction":…}`. Other keys are refused, because a request that changes nothing
/// must not look like one that did.
/// </summary>
/// <param name="Value">The argument as text, or null if there is none. An object is its JSON text.</param>
/// <param name="Transaction">Any JSON, which the response returns.</param>
sealed record RequestDocument(string? Value, JsonElement? Transaction)
{
    const int MaxShown = 64;

    /// <param name="maxBytes">The maximum size of the request, in bytes.</param>
    public static bool TryParse(ReadOnlySpan<byte> payload, int maxBytes, [NotNullWhen(true)] out RequestDocument? request, [NotNullWhen(false)] out string? problem)
    {
        (request, problem) = (null, null);
        if (payload.Length > maxBytes)
        {
            problem = $"The request has {payload.Length} bytes; allowed are {maxBytes}.";
            return false;
        }
        if (!Utf8.IsValid(payload))
        {
            problem = "The request is not UTF-8; allowed are plain text or a JSON object in UTF-8.";
            return false;
        }
        string text = Encoding.UTF8.GetString(payload).Trim();
        if (text is not ['{' or '[', ..])
        {
            request = new RequestDocument(text.Length == 0 ? null : text, null);
            return true;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = "The request is a JSON array; allowed are plain text or an object.";
                return false;
            }
            problem = ProblemOf(document.RootElement);
            if (problem is not null)
                return false;
            string? value = document.RootElement.TryGetProperty("value", out JsonElement given) && given.ValueKind != JsonValueKind.Null
                ? given.ToString() : null;
            JsonElement? transaction = document.RootElement.TryGetProperty("transaction", out JsonElement echoed) ? echoed.Clone() : null;
            request = new RequestDocument(value, transaction);
            return true;
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json throws this exception for a text that it cannot decode.
            problem = "The request has half of a surrogate pair (\\ud800 to \\udfff) in a text, which is not a character.";
            return false;
        }
        catch (JsonException error)
        {
            problem = $"The request is not valid JSON: {error.Message}";
            return false;
        }
    }

    /// <exception cref="InvalidOperationException">The request contains a text that cannot be decoded.</exception>
    static string? ProblemOf(JsonElement request)
    {
        string[] keys = [.. request.EnumerateObject().Select(property => property.Name)];
        foreach (JsonProperty property in request.EnumerateObject())
            DecodeTexts(property.Value);
        if (keys.FirstOrDefault(key => key is not ("value" or "transaction")) is { } unknown)
            return $"The request has the key `{(unknown.Length > MaxShown ? unknown[..MaxShown] + "…" : unknown)}`; allowed are `value` and `transaction`.";
        return keys.Length > keys.Distinct().Count() ? "The request has a key twice; allowed are `value` and `transaction`, once each." : null;
    }

    /// <summary>Decodes each text once. Otherwise an invalid text in the transaction would fail only when the response is written.</summary>
    static void DecodeTexts(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
                DecodeTexts(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _ = property.Name;
                DecodeTexts(property.Value);
            }
        }
    }
}
