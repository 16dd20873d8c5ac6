using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition;

/// <summary>Decides whether a person should review a result.</summary>
static class ReviewRule
{
    public const string LowConfidence = "low-confidence";
    public const string CloseCall = "close-call";
    public const string UnknownProduct = "unknown-product";
    public const string UnusableImage = SlotResult.UnusableImage;

    /// <param name="top">The predictions, best first. There is at least one.</param>
    /// <returns>The reason for a review, or null if no review is needed.</returns>
    public static string? ReasonToReview(IReadOnlyList<Prediction> top, ReviewThresholds thresholds)
    {
        if (top[0].Confidence < thresholds.MinConfidence)
            return LowConfidence;
        if (top.Count > 1 && top[0].Confidence - top[1].Confidence < thresholds.MinMargin)
            return CloseCall;
        return null;
    }
}
