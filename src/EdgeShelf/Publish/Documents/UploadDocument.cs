using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// What `/predict` answers for one picture, schema 1: as a result, without what only the device's own pictures have (a sequence
/// number, a trigger). It is never published. `schemas/upload.schema.json` says the same to machines.
/// </summary>
sealed record UploadDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>A UUID of version 7, new for each answer.</summary>
    public required Guid Id { get; init; }
    public required string Device { get; init; }

    /// <summary>When the picture arrived.</summary>
    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset ReceivedAt { get; init; }
    public required ImageDocument Image { get; init; }
    public required ModelDocument Model { get; init; }
    public required IReadOnlyList<SlotDocument> Slots { get; init; }
    public required bool NeedsReview { get; init; }

    /// <summary>True when an earlier picture with the same bytes was answered for.</summary>
    public required bool Cached { get; init; }

    /// <summary>Milliseconds by stage.</summary>
    public required TimingsDocument TimingsMs { get; init; }

    public static UploadDocument Of(ShelfResult result, Frame frame, string device) => new()
    {
        Id = Guid.CreateVersion7(),
        Device = device,
        ReceivedAt = frame.CapturedAt,
        Image = ImageDocument.Of(result.Image),
        Model = ModelDocument.Of(result.Model),
        Slots = [.. result.Slots.Select(SlotDocument.Of)],
        NeedsReview = result.NeedsReview,
        Cached = result.Cached,
        TimingsMs = TimingsDocument.Of(result.Timings),
    };
}
