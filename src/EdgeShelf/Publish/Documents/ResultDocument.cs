using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The document on `…/result`, schema 1: what one picture showed, with what a backend needs to trust it. Fields are added, but
/// their meaning never changes. `schemas/result.schema.json` is the machine-readable form of this contract.
/// </summary>
sealed record ResultDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>The id, `device-seq`. A copy that is sent again has the same id.</summary>
    public required string Id { get; init; }
    public required string Device { get; init; }

    /// <summary>A UUID that distinguishes two devices with the same name.</summary>
    public required Guid Installation { get; init; }

    /// <summary>A number that increases by one with each result or event of the device and is never used twice.</summary>
    public required long Seq { get; init; }

    /// <summary>The kernel's boot id.</summary>
    public required string Boot { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Whether the system clock was known to be right when the picture was taken.</summary>
    public required bool ClockSynced { get; init; }

    /// <summary>True if the document waited in the outbox, so that it describes the past and not the present.</summary>
    public bool Replayed { get; init; }

    /// <summary>What requested the picture, see <see cref="TriggerNames"/>.</summary>
    public required string Trigger { get; init; }
    public required ImageDocument Image { get; init; }
    public required ModelDocument Model { get; init; }

    /// <summary>The planogram with which the slots were compared, or null without one.</summary>
    public PlanogramIdDocument? Planogram { get; init; }

    /// <summary>The slots; without slots the whole picture as one, `shelf`.</summary>
    public required IReadOnlyList<SlotDocument> Slots { get; init; }
    public required bool NeedsReview { get; init; }

    /// <summary>True if the answer comes from an earlier picture with the same bytes or from an unchanged frame.</summary>
    public bool Cached { get; init; }

    /// <summary>The time of each stage, in milliseconds.</summary>
    public required TimingsDocument TimingsMs { get; init; }

    /// <summary>The options with which all documents are written: names are in snake_case.</summary>
    public static JsonSerializerOptions Json => WireNames.Json;

    public static ResultDocument Of(CommittedResult committed) => new()
    {
        Id = committed.Id,
        Device = committed.Device,
        Installation = committed.Installation,
        Seq = committed.Seq,
        Boot = committed.Boot,
        CapturedAt = committed.CapturedAt,
        ClockSynced = committed.ClockSynced,
        Trigger = TriggerNames.Of(committed.Trigger),
        Image = ImageDocument.Of(committed.Result.Image),
        Model = ModelDocument.Of(committed.Result.Model),
        Planogram = PlanogramIdDocument.Of(committed.Result.Planogram),
        Slots = [.. committed.Result.Slots.Select(SlotDocument.Of)],
        NeedsReview = committed.Result.NeedsReview,
        Cached = committed.Result.Cached,
        TimingsMs = TimingsDocument.Of(committed.Result.Timings),
    };
}

/// <summary>The names of triggers in documents, events and metrics.</summary>
static class TriggerNames
{
    public static string Of(Trigger trigger) => trigger switch
    {
        Trigger.Timer => "timer",
        Trigger.Button => "button",
        Trigger.Request => "request",
        Trigger.Http => "http",
        Trigger.Folder => "folder",
        Trigger.Confirm => "confirm",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "A new trigger needs a name here and in result.schema.json."),
    };
}

/// <param name="Width">The width in pixels, after EXIF orientation.</param>
/// <param name="Height">The height in pixels, after EXIF orientation.</param>
/// <param name="Sha256">The hash of the encoded bytes, in lower-case hex.</param>
/// <param name="Source">The kind of camera.</param>
/// <param name="Name">The name of the file, if there is one.</param>
sealed record ImageDocument(int Width, int Height, string Sha256, string Source, string? Name)
{
    public static ImageDocument Of(ImageInfo image) => new(image.Width, image.Height, image.Sha256, image.Source, image.Name);
}

/// <param name="Sha256">The hash of the ONNX file, in lower-case hex.</param>
sealed record ModelDocument(string Name, string Version, string Sha256)
{
    public static ModelDocument Of(ModelInfo model) => new(model.Name, model.Version, model.Sha256);
}

/// <param name="Index">The index of the class in the logits.</param>
/// <param name="Confidence">The calibrated probability, 0 to 1.</param>
sealed record PredictionDocument(string Label, int Index, double Confidence, string? Sku)
{
    public static PredictionDocument Of(Prediction prediction) => new(prediction.Label, prediction.Index, prediction.Confidence, prediction.Sku);
}

sealed record TimingsDocument(double Capture, double Decode, double Preprocess, double Inference, double Total)
{
    public static TimingsDocument Of(StageTimings timings) => new(
        Milliseconds(timings.Capture), Milliseconds(timings.Decode), Milliseconds(timings.Preprocess),
        Milliseconds(timings.Inference), Milliseconds(timings.Total));

    static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
