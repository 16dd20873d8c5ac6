using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// What the network saw in one region. A region that is a place of the bay is a <see cref="PlacedSlotDocument"/>; the whole picture is
/// not, so that its document stays as it was before there were slots.
/// </summary>
/// <param name="Slot">The name of the region; `shelf` is the whole picture.</param>
/// <param name="Top">The best predictions, best first: three, or fewer if there are fewer classes.</param>
/// <param name="ReviewReason">Why a person should look, or null.</param>
[JsonDerivedType(typeof(PlacedSlotDocument))]
record SlotDocument(string Slot, IReadOnlyList<PredictionDocument> Top, bool NeedsReview, string? ReviewReason)
{
    public static SlotDocument Of(SlotResult slot)
    {
        PredictionDocument[] top = [.. slot.Top.Select(PredictionDocument.Of)];
        return slot.Region is not { } region
            ? new SlotDocument(slot.Slot, top, slot.NeedsReview, slot.ReviewReason)
            : new PlacedSlotDocument(slot.Slot, top, slot.NeedsReview, slot.ReviewReason)
            {
                Region = RegionDocument.Of(region),
                Cached = slot.Cached,
                Expected = ExpectedDocument.Of(slot.Expected),
                Verdict = VerdictNames.Of(slot.Verdict ?? Verdict.Unchecked),
            };
    }
}

/// <summary>What the network saw in one place of the bay, and how it compares with what belongs there.</summary>
sealed record PlacedSlotDocument(string Slot, IReadOnlyList<PredictionDocument> Top, bool NeedsReview, string? ReviewReason)
    : SlotDocument(Slot, Top, NeedsReview, ReviewReason)
{
    /// <summary>Where the slot was in this picture.</summary>
    [JsonPropertyOrder(1)]
    public required RegionDocument Region { get; init; }

    /// <summary>True if the slot looked as it did before, so that the network was not run again.</summary>
    [JsonPropertyOrder(1)]
    public required bool Cached { get; init; }

    /// <summary>What belongs in the slot, or null if nothing is expected there.</summary>
    [JsonPropertyOrder(1)]
    public required ExpectedDocument? Expected { get; init; }

    /// <summary>What the slot shows after this picture; see <see cref="VerdictNames"/>.</summary>
    [JsonPropertyOrder(1)]
    public required string Verdict { get; init; }
}

/// <summary>A rectangle in fractions of the upright picture, rounded to a ten-thousandth: less than a pixel of a picture 8000 pixels wide.</summary>
sealed record RegionDocument(double X, double Y, double Width, double Height)
{
    public static RegionDocument Of(Region region) => new(Rounded(region.X), Rounded(region.Y), Rounded(region.Width), Rounded(region.Height));

    static double Rounded(double fraction) => Math.Round(fraction, 4);
}

/// <param name="Name">The name for people, or null.</param>
/// <param name="Sku">The store's article number, or null.</param>
sealed record ExpectedDocument(string Label, string? Name, string? Sku)
{
    [return: NotNullIfNotNull(nameof(expected))]
    public static ExpectedDocument? Of(ExpectedProduct? expected) => expected is null ? null : new(expected.Label, expected.Name, expected.Sku);
}

/// <summary>The name and version of a planogram.</summary>
sealed record PlanogramIdDocument(string Name, string Version)
{
    [return: NotNullIfNotNull(nameof(planogram))]
    public static PlanogramIdDocument? Of(PlanogramId? planogram) => planogram is null ? null : new(planogram.Name, planogram.Version);
}
