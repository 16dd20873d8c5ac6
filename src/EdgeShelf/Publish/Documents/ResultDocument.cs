using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The document on `…/result`, schema 1: what one picture showed, with what a backend needs to trust it. Fields are added,
/// never given another meaning; `schemas/result.schema.json` says the same to machines.
/// </summary>
sealed record ResultDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>`device-seq`; a copy that is sent again has the same.</summary>
    public required string Id { get; init; }
    public required string Device { get; init; }

    /// <summary>Grows by one with each result or event of the device and is never used twice.</summary>
    public required long Seq { get; init; }

    /// <summary>The kernel's boot id.</summary>
    public required string Boot { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Whether the system clock was known to be right when the picture was taken.</summary>
    public required bool ClockSynced { get; init; }

    /// <summary>True on what waited in the outbox: it is a record of the past, not of now.</summary>
    public bool Replayed { get; init; }

    public required Trigger Trigger { get; init; }
    public required ImageInfo Image { get; init; }
    public required ModelInfo Model { get; init; }
    public required IReadOnlyList<SlotResult> Slots { get; init; }
    public required bool NeedsReview { get; init; }

    /// <summary>True when an earlier picture with the same bytes, or an unchanged frame, was answered for.</summary>
    public bool Cached { get; init; }

    /// <summary>Milliseconds by stage.</summary>
    public required TimingsDocument TimingsMs { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}

sealed record TimingsDocument(double Capture, double Decode, double Preprocess, double Inference, double Total)
{
    public static TimingsDocument From(StageTimings timings) => new(
        Milliseconds(timings.Capture), Milliseconds(timings.Decode), Milliseconds(timings.Preprocess),
        Milliseconds(timings.Inference), Milliseconds(timings.Total));

    static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
