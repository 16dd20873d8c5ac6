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

    /// <summary>A UUID that tells apart two devices of one name.</summary>
    public required Guid Installation { get; init; }

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

    /// <summary>What asked for the picture, see <see cref="TriggerNames"/>.</summary>
    public required string Trigger { get; init; }
    public required ImageDocument Image { get; init; }
    public required ModelDocument Model { get; init; }
    public required IReadOnlyList<SlotDocument> Slots { get; init; }
    public required bool NeedsReview { get; init; }

    /// <summary>True when an earlier picture with the same bytes, or an unchanged frame, was answered for.</summary>
    public bool Cached { get; init; }

    /// <summary>Milliseconds by stage.</summary>
    public required TimingsDocument TimingsMs { get; init; }

    /// <summary>How all documents are written: snake_case names.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

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
        Slots = [.. committed.Result.Slots.Select(SlotDocument.Of)],
        NeedsReview = committed.Result.NeedsReview,
        Cached = committed.Result.Cached,
        TimingsMs = TimingsDocument.Of(committed.Result.Timings),
    };
}

/// <summary>What triggers are called in documents, events and metrics.</summary>
static class TriggerNames
{
    public static string Of(Trigger trigger) => trigger switch
    {
        Trigger.Timer => "timer",
        Trigger.Button => "button",
        Trigger.Request => "request",
        Trigger.Http => "http",
        Trigger.Folder => "folder",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "A new trigger needs a name here and in result.schema.json."),
    };
}

/// <param name="Width">Pixels, after EXIF orientation.</param>
/// <param name="Height">Pixels, after EXIF orientation.</param>
/// <param name="Sha256">Hash of the encoded bytes, lower-case hex.</param>
/// <param name="Source">The camera's kind.</param>
/// <param name="Name">The file's name, where there is one.</param>
sealed record ImageDocument(int Width, int Height, string Sha256, string Source, string? Name)
{
    public static ImageDocument Of(ImageInfo image) => new(image.Width, image.Height, image.Sha256, image.Source, image.Name);
}

/// <param name="Sha256">Hash of the ONNX file, lower-case hex.</param>
sealed record ModelDocument(string Name, string Version, string Sha256)
{
    public static ModelDocument Of(ModelInfo model) => new(model.Name, model.Version, model.Sha256);
}

/// <param name="Slot">The region's name; `shelf` is the whole picture.</param>
/// <param name="Top">Best first, three or as many as there are classes.</param>
/// <param name="ReviewReason">Why a person should look, or null.</param>
sealed record SlotDocument(string Slot, IReadOnlyList<PredictionDocument> Top, bool NeedsReview, string? ReviewReason)
{
    public static SlotDocument Of(SlotResult slot) => new(slot.Slot, [.. slot.Top.Select(PredictionDocument.Of)], slot.NeedsReview, slot.ReviewReason);
}

/// <param name="Index">The class's position in the logits.</param>
/// <param name="Confidence">Calibrated probability, 0 to 1.</param>
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
