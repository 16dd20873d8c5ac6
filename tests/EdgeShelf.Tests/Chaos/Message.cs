using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeShelf.Tests.Chaos;

/// <summary>A result or event on its way.</summary>
/// <param name="Text">The document without `replayed`, the one field in which copies may differ.</param>
/// <param name="Sha256">Of the picture; null for an event.</param>
/// <param name="GapFrom">First of the numbers that an event says will not come; null elsewhere.</param>
/// <param name="GapTo">Last of them.</param>
sealed record Message(long Seq, string Id, string Text, string? Sha256, long? GapFrom, long? GapTo)
{
    /// <returns>Null for what does not go through the outbox.</returns>
    public static Message? TryRead(string topic, byte[] payload)
    {
        bool isResult = topic.EndsWith("/result", StringComparison.Ordinal);
        if (!isResult && !topic.EndsWith("/event", StringComparison.Ordinal))
            return null;
        JsonObject document = JsonNode.Parse(Encoding.UTF8.GetString(payload))!.AsObject();
        document.Remove("replayed");
        JsonObject? data = document["data"] is { } node && node.GetValueKind() == JsonValueKind.Object ? node.AsObject() : null;
        return new Message(
            document["seq"]!.GetValue<long>(), document["id"]!.GetValue<string>(), document.ToJsonString(),
            isResult ? document["image"]!["sha256"]!.GetValue<string>() : null,
            data?["first_seq"]?.GetValue<long>(), data?["last_seq"]?.GetValue<long>());
    }
}
