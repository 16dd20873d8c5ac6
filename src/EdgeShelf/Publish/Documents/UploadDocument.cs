using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The answer of `/predict` for one picture, schema 1. It is like a result, but without what only pictures of the device have (a sequence
/// number, a trigger). It is never published. `schemas/upload.schema.json` is the machine-readable form of this contract.
/// </summary>
sealed record UploadDocument
{
    public int Schema { get; init; } = 1;

    /// <summary>A UUID of version 7, new for each answer.</summary>
    public required Guid Id { get; init; }
    public required string Device { get; init; }

    /// <summary>The time when the picture arrived.</summary>
    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset ReceivedAt { get; init; }
    public required ImageDocument Image { get; init; }
    public required ModelDocument Model { get; init; }
    public required IReadOnlyList<SlotDocument> Slots { get; init; }
    public required bool NeedsReview { get; init; }

    /// <summary>True if the answer comes from an earlier picture with the same bytes.</summary>
    public required bool Cached { get; init; }

    /// <summary>The time of each stage, in milliseconds.</summary>
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
