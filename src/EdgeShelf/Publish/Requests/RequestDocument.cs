using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Requests;

/// <summary>
/// The content of a `request/…`: nothing, plain text, or `{"value":…,"transaction":…}`. Other keys are refused, because a request that changes nothing
/// must not look like one that did.
/// </summary>
/// <param name="Value">The argument as text, or null if there is none. An object is its JSON text.</param>
/// <param name="Transaction">Any JSON, which the response returns, also the response to a request that is refused.</param>
/// <param name="Problem">Why the request is refused, or null.</param>
sealed record RequestDocument(string? Value, JsonElement? Transaction, string? Problem)
{
    /// <summary>The number of characters of a text from the request that a message repeats.</summary>
    public const int MaxShown = 64;

    const string ValueKey = "value", TransactionKey = "transaction";
    const string HalfPair = "The request has half of a surrogate pair (\\ud800 to \\udfff) in a text, which is not a character.";

    /// <param name="maxBytes">The maximum size of the request, in bytes.</param>
    public static RequestDocument Parse(ReadOnlySpan<byte> payload, int maxBytes)
    {
        if (payload.Length > maxBytes)
            return Refused($"The request has {payload.Length} bytes; allowed are {maxBytes}.");
        if (!Utf8.IsValid(payload))
            return Refused("The request is not UTF-8; allowed are plain text or a JSON object in UTF-8.");
        string text = Encoding.UTF8.GetString(payload).Trim();
        if (text is not ['{' or '[', ..])
            return new RequestDocument(text.Length == 0 ? null : text, null, null);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Of(document.RootElement) : Refused("The request is a JSON array; allowed are plain text or an object.");
        }
        catch (JsonException error)
        {
            string words = JsonText.FindFault(Encoding.UTF8.GetBytes(text), default, "request", "a JSON object is needed")?.ToString() ?? error.Message;
            return Refused($"The request is not valid JSON: {words}.");
        }
    }

    static RequestDocument Refused(string problem, JsonElement? transaction = null) => new(null, transaction, problem);

    static RequestDocument Of(JsonElement request)
    {
        JsonProperty[] properties = [.. request.EnumerateObject()];
        if (!properties.All(property => HasName(property)))
            return Refused(HalfPair, TransactionOf(properties.Where(HasName)));
        JsonElement? transaction = TransactionOf(properties);
        if (!properties.All(property => CanDecode(property.Value)))
            return Refused(HalfPair, transaction);
        if (properties.FirstOrDefault(property => property.Name is not (ValueKey or TransactionKey)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            return Refused($"The request has the key `{PlainText.Shown(unknown.Name, MaxShown)}`; allowed are `value` and `transaction`.", transaction);
        if (properties.DistinctBy(property => property.Name).Count() < properties.Length)
            return Refused("The request has a key twice; allowed are `value` and `transaction`, once each.", transaction);
        return new RequestDocument(
            request.TryGetProperty(ValueKey, out JsonElement given) && given.ValueKind != JsonValueKind.Null ? given.ToString() : null, transaction, null);
    }

    /// <summary>Returns the transaction if there is exactly one and the response can be written with it.</summary>
    static JsonElement? TransactionOf(IEnumerable<JsonProperty> properties) =>
        properties.Where(property => property.Name == TransactionKey).ToArray() is [var only] && CanDecode(only.Value) ? only.Value.Clone() : null;

    static bool HasName(JsonProperty property) => CanDecode(() => property.Name);

    /// <summary>Decodes each text once. Otherwise an invalid text in the transaction would fail only when the response is written.</summary>
    static bool CanDecode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => CanDecode(element.GetString),
        JsonValueKind.Array => element.EnumerateArray().All(CanDecode),
        JsonValueKind.Object => element.EnumerateObject().All(property => HasName(property) && CanDecode(property.Value)),
        _ => true,
    };

    static bool CanDecode(Func<string?> text)
    {
        try
        {
            _ = text();
            return true;
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json throws this exception for a text that it cannot decode.
            return false;
        }
    }
}
