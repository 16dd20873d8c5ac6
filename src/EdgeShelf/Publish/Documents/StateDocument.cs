using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The retained document on `…/state`, schema 1: the state of the device at a glance. It is published at each change and at least every
/// <see cref="HeartbeatS"/>. A reader that has not received one for three times as long must not trust the last one.
/// </summary>
sealed record StateDocument
{
    public int Schema { get; init; } = 1;
    public required string Device { get; init; }
    public required string Boot { get; init; }

    /// <summary>The time when the document was written.</summary>
    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required bool ClockSynced { get; init; }

    /// <summary>The interval in seconds at which the document is republished when nothing changes.</summary>
    public required double HeartbeatS { get; init; }

    /// <summary>The time since the service started, in seconds. A smaller value than before means a restart.</summary>
    public required double UptimeS { get; init; }

    /// <summary>The version of the software.</summary>
    public required string Version { get; init; }

    /// <summary>The newest document on `…/result` of this run, or null before the first.</summary>
    public required ResultDocument? LastResult { get; init; }

    /// <summary>The time from the commit of the last result to <see cref="At"/>, in seconds on a monotonic clock.</summary>
    public required double? LastResultAgeS { get; init; }

    public required CameraDocument Camera { get; init; }
    public required ModelDocument? Model { get; init; }

    /// <summary>The interval between pictures of the timer, in seconds, or null if there is no timer.</summary>
    public double? IntervalS { get; init; }

    /// <summary>The number of pictures taken since the service started.</summary>
    public required long Captures { get; init; }

    /// <summary>The number of failures since the service started.</summary>
    public required long Failures { get; init; }

    /// <summary>The number of pictures that wait for a person in the review queue, or null if the queue is off or cannot be read.</summary>
    public required int? ReviewWaiting { get; init; }
    public required OutboxDocument Outbox { get; init; }
    public required BrokerDocument Broker { get; init; }
}

/// <param name="LeftOut">The side channels that the device does without because the broker does not allow them; empty if there are none.</param>
/// <param name="NameConflictSince">The time since when another device connects with the name of this device, or null if there is no such device.</param>
/// <param name="Limits">The limits of the broker that change what the device does, one sentence each, for people.</param>
sealed record BrokerDocument(
    IReadOnlyList<LeftOutDocument> LeftOut,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? NameConflictSince,
    IReadOnlyList<string> Limits);

/// <param name="Channel">`requests`, `home-assistant-status`, `availability`, `state`, `shelf`, `discovery`, `response`, `response-topic`, `image` or `evidence`.</param>
/// <param name="Until">The time when the channel is tried again.</param>
/// <param name="Reason">The reason for people, which is the broker's own if it gave one.</param>
sealed record LeftOutDocument(string Channel, [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset Until, string Reason);

/// <param name="State">`unknown` before the first picture, `working` or `failing`.</param>
/// <param name="Since">The time when the camera began to work or to fail.</param>
/// <param name="Code">The code of the last failure.</param>
sealed record CameraDocument(
    string State,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since,
    string? Code,
    string? Message);

/// <param name="Waiting">The number of messages that wait.</param>
/// <param name="Bytes">The size of their payloads, in bytes.</param>
/// <param name="OldestAt">The time when the oldest of them was committed.</param>
/// <param name="Dropped">The number of messages that were dropped because of a cap since the outbox was created.</param>
/// <param name="Refused">The number of messages that the broker refused for good and that are set aside for the operator.</param>
/// <param name="NobodySubscribed">The number of messages delivered in this run to a broker without a subscriber for them.</param>
/// <param name="Problem">Why results cannot be stored or the outbox cannot be read, for people, or null if there is no problem. If there is one, the numbers are the last known ones.</param>
sealed record OutboxDocument(
    long Waiting,
    long Bytes,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? OldestAt,
    long Dropped,
    long Refused,
    long NobodySubscribed,
    string? Problem);
