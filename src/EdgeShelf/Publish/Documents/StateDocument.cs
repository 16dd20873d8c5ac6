using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The retained document on `…/state`, schema 1: one glance at the device. It comes at each change and at least every
/// <see cref="HeartbeatS"/>; a reader that has seen none for three times as long must not trust the one it has.
/// </summary>
sealed record StateDocument
{
    public int Schema { get; init; } = 1;
    public required string Device { get; init; }
    public required string Boot { get; init; }

    /// <summary>When this was written.</summary>
    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required bool ClockSynced { get; init; }

    /// <summary>Seconds between two of these when nothing happens.</summary>
    public required double HeartbeatS { get; init; }

    /// <summary>Seconds since the service started; a smaller value than before means a restart.</summary>
    public required double UptimeS { get; init; }

    /// <summary>Of the software.</summary>
    public required string Version { get; init; }

    /// <summary>The document on `…/result`, the newest of this run; null before the first.</summary>
    public required ResultDocument? LastResult { get; init; }

    /// <summary>Seconds from its commit to <see cref="At"/>, on a clock that does not jump.</summary>
    public required double? LastResultAgeS { get; init; }

    public required CameraDocument Camera { get; init; }
    public required ModelDocument? Model { get; init; }

    /// <summary>Since the service started.</summary>
    public required long Captures { get; init; }

    /// <summary>Since the service started.</summary>
    public required long Failures { get; init; }
    public required OutboxDocument Outbox { get; init; }
    public required BrokerDocument Broker { get; init; }
}

/// <param name="LeftOut">What the device does without because the broker does not allow it; empty when all is well.</param>
/// <param name="NameConflictSince">Since when another device connects under this device's name; null when none does.</param>
/// <param name="Limits">What the broker announced that changes what the device does, one sentence each, for people.</param>
sealed record BrokerDocument(
    IReadOnlyList<LeftOutDocument> LeftOut,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? NameConflictSince,
    IReadOnlyList<string> Limits);

/// <param name="Channel">`requests`, `home-assistant-status`, `availability`, `state`, `discovery`, `response`, `response-topic` or `image`.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Reason">For people; the broker's own where it gave one.</param>
sealed record LeftOutDocument(string Channel, [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset Until, string Reason);

/// <param name="State">`unknown` before the first picture, `working` or `failing`.</param>
/// <param name="Since">When it began to work or to fail.</param>
/// <param name="Code">Of the last failure.</param>
sealed record CameraDocument(
    string State,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since,
    string? Code,
    string? Message);

/// <param name="Waiting">Messages.</param>
/// <param name="Bytes">Of their payloads.</param>
/// <param name="OldestAt">When the oldest of them was committed.</param>
/// <param name="Dropped">Given up because of a cap, since the outbox was begun.</param>
/// <param name="Refused">By the broker for good; set aside for the operator.</param>
/// <param name="NobodySubscribed">Delivered in this run to a broker that had no reader for them.</param>
/// <param name="Problem">Why the disk does not let results be kept or the outbox be read, for people; the numbers are then the last that were known. Null when all is well.</param>
sealed record OutboxDocument(
    long Waiting,
    long Bytes,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? OldestAt,
    long Dropped,
    long Refused,
    long NobodySubscribed,
    string? Problem);
