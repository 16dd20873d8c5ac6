using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Web;

/// <summary>`/api/state`: the device at one glance. Times are UTC; ages are counted on a clock that does not jump.</summary>
sealed record DeviceState
{
    public required string Device { get; init; }
    public required string Version { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required double UptimeS { get; init; }

    /// <summary>Seconds between two pictures of the timer; null where there is none.</summary>
    public required double? IntervalS { get; init; }
    public required CameraReport Camera { get; init; }
    public required BrokerReport Broker { get; init; }
    public required OutboxReport Outbox { get; init; }
    public required ModelDocument Model { get; init; }

    /// <summary>Why the network does not answer, or why a chosen model was refused and the one before it answers; null when all is well.</summary>
    public required string? ModelProblem { get; init; }
    public required long? DiskFreeBytes { get; init; }
    public required long? DiskTotalBytes { get; init; }

    /// <summary>Of the processor; null where there is no thermometer.</summary>
    public required double? TemperatureC { get; init; }

    /// <summary>Resident.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Since the service started.</summary>
    public required long Captures { get; init; }

    /// <summary>Since the service started.</summary>
    public required long Failures { get; init; }
    public required ResultDocument? LastResult { get; init; }
    public required double? LastResultAgeS { get; init; }

    /// <summary>What a person should know or do, worst first; empty when all is well.</summary>
    public IReadOnlyList<DeviceTrouble> Troubles { get; init; } = [];
}

/// <param name="Kind">As in `Capture:Camera`.</param>
/// <param name="State">`unknown` before the first picture, `working` or `failing`.</param>
/// <param name="Since">When it began to work or to fail.</param>
/// <param name="Code">Of the last failure.</param>
sealed record CameraReport(string Kind, string State, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since, string? Code, string? Message);

/// <param name="Since">When it was reached or lost; null before the first attempt ended.</param>
sealed record BrokerReport(bool Connected, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since, string? Problem);

/// <param name="Waiting">Messages for the broker.</param>
/// <param name="Bytes">Of their payloads.</param>
/// <param name="OldestAt">When the oldest of them was committed.</param>
/// <param name="Dropped">Given up because of a cap, since the outbox was begun.</param>
/// <param name="Refused">By the broker for good; set aside.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
sealed record OutboxReport(long Waiting, long Bytes, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? OldestAt, long Dropped, long Refused, string? Problem);

/// <param name="Code">Stable, for machines.</param>
/// <param name="Severity">`error`: results are missing; `warning`: they will be, if nobody looks.</param>
/// <param name="Hint">What to do next.</param>
sealed record DeviceTrouble(string Code, string Severity, string Title, string Detail, string Hint);
