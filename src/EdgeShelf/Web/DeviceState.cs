using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Web;

/// <summary>The document of `/api/state`: an overview of the device. Times are UTC; ages are measured with a monotonic clock.</summary>
sealed record DeviceState
{
    public required string Device { get; init; }
    public required string Version { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }
    public required double UptimeS { get; init; }

    /// <summary>Interval between pictures of the timer, in seconds; null when there is no timer.</summary>
    public required double? IntervalS { get; init; }
    public required CameraReport Camera { get; init; }
    public required BrokerReport Broker { get; init; }
    public required OutboxReport Outbox { get; init; }
    public required ModelDocument Model { get; init; }

    /// <summary>Why there is no usable model, or why the chosen model was refused and the previous one is in use; null when there is no problem.</summary>
    public required string? ModelProblem { get; init; }

    /// <summary>What is wrong with the files of the slots and the planogram, and what is used instead; null when there is no problem.</summary>
    public required string? PlanProblem { get; init; }
    public required long? DiskFreeBytes { get; init; }
    public required long? DiskTotalBytes { get; init; }

    /// <summary>Temperature of the processor; null when the device has no sensor.</summary>
    public required double? TemperatureC { get; init; }

    /// <summary>Resident memory of the process.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Number of captures since the service started.</summary>
    public required long Captures { get; init; }

    /// <summary>Number of failed captures since the service started.</summary>
    public required long Failures { get; init; }

    /// <summary>Number of pictures that wait for a person; null when the review queue is off or cannot be read.</summary>
    public required int? ReviewWaiting { get; init; }

    /// <summary>Id of the newest of them, or 0. When it changes, `/api/review` lists something else.</summary>
    public required long ReviewNewest { get; init; }
    public required ResultDocument? LastResult { get; init; }
    public required double? LastResultAgeS { get; init; }

    /// <summary>Problems that need attention, worst first; empty when there are none.</summary>
    public IReadOnlyList<DeviceTrouble> Troubles { get; init; } = [];
}

/// <param name="Kind">The camera's kind, as in `Capture:Camera`.</param>
/// <param name="State">`unknown` before the first picture, with a code and a message while no camera is connected; `working` or `failing`.</param>
/// <param name="Since">When the camera began to work or to fail.</param>
/// <param name="Code">Error code of the last failure, or `no-camera`.</param>
sealed record CameraReport(string Kind, string State, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since, string? Code, string? Message);

/// <param name="Since">When the connection was made or lost; null until the first attempt has ended.</param>
sealed record BrokerReport(bool Connected, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? Since, string? Problem);

/// <param name="Waiting">Number of messages that wait for the broker.</param>
/// <param name="Bytes">Size of their payloads.</param>
/// <param name="OldestAt">When the oldest waiting message was committed.</param>
/// <param name="Dropped">Number of messages that were dropped because of a limit, since the outbox was created.</param>
/// <param name="Refused">Number of messages that the broker refused permanently; they are kept apart.</param>
/// <param name="Problem">Why the outbox cannot be read; null when it can.</param>
sealed record OutboxReport(long Waiting, long Bytes, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? OldestAt, long Dropped, long Refused, string? Problem);

/// <param name="Code">Stable identifier, for programs.</param>
/// <param name="Severity">`error`: results are missing; `warning`: results will be missing if the problem is not fixed.</param>
/// <param name="Hint">What to do next.</param>
sealed record DeviceTrouble(string Code, string Severity, string Title, string Detail, string Hint);
