using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary>The document on `…/event`, schema 1: something happened that a result cannot report.</summary>
sealed record EventDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>The id, `device-seq`. A copy that is sent again has the same id.</summary>
    public required string Id { get; init; }
    public required string Device { get; init; }

    /// <summary>A UUID that distinguishes two devices with the same name.</summary>
    public required Guid Installation { get; init; }

    /// <summary>A number from the same sequence as those of the results.</summary>
    public required long Seq { get; init; }
    public required string Boot { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required bool ClockSynced { get; init; }
    public bool Replayed { get; init; }

    /// <summary>The stable, machine-readable type: `capture-failed`, `messages-dropped`, …; see <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Data that depends on the type, or null if there is none.</summary>
    public JsonNode? Data { get; init; }
}
