using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary>The document on `…/event`, schema 1: something happened that a result cannot say.</summary>
sealed record EventDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>`device-seq`; a copy that is sent again has the same.</summary>
    public required string Id { get; init; }
    public required string Device { get; init; }

    /// <summary>A UUID that tells apart two devices of one name.</summary>
    public required Guid Installation { get; init; }

    /// <summary>From the same sequence as the results.</summary>
    public required long Seq { get; init; }
    public required string Boot { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required bool ClockSynced { get; init; }
    public bool Replayed { get; init; }

    /// <summary>Stable, for machines: `capture-failed`, `messages-dropped`, … as in <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>For people.</summary>
    public required string Message { get; init; }

    /// <summary>Depends on the type; null where there is nothing to add.</summary>
    public object? Data { get; init; }
}
