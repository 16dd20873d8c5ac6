using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace EdgeShelf.Publish.Requests;

/// <summary>
/// What a `request/…` carries: nothing, plain text, or `{"value":…,"transaction":…}`. Other fields are ignored.
/// </summary>
/// <param name="Value">The argument as text; null where there is none.</param>
/// <param name="Transaction">Any JSON; it comes back in the response.</param>
sealed record RequestDocument(string? Value, JsonElement? Transaction)
{
    public const int MaxBytes = 4096;

    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RequestDocument? request, [NotNullWhen(false)] out string? problem)
    {
        (request, problem) = (null, null);
        if (payload.Length > MaxBytes)
        {
            problem = $"The request has {payload.Length} bytes; allowed are {MaxBytes}.";
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
            string? value = document.RootElement.TryGetProperty("value", out JsonElement given) && given.ValueKind != JsonValueKind.Null
                ? given.ToString() : null;
            JsonElement? transaction = document.RootElement.TryGetProperty("transaction", out JsonElement echoed) ? echoed.Clone() : null;
            request = new RequestDocument(value, transaction);
            return true;
        }
        catch (JsonException error)
        {
            problem = $"The request is no valid JSON: {error.Message}";
            return false;
        }
    }
}
