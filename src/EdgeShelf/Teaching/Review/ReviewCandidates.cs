using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Review;

/// <summary>Something that a picture showed and that a person may be asked about.</summary>
/// <param name="Region">Where it is in the picture.</param>
/// <param name="Descriptor">The descriptor of the region, or null if the model gives none.</param>
sealed record ReviewCandidate(
    string Result, string Slot, Region Region, DateTimeOffset At, string Reason, string? Label, double? Confidence, string? Expected, string? Model, float[]? Descriptor);

/// <summary>Why a person is asked.</summary>
static class ReviewReasons
{
    public const string LowConfidence = ReviewRule.LowConfidence;
    public const string CloseCall = ReviewRule.CloseCall;
    public const string UnknownProduct = ReviewRule.UnknownProduct;

    /// <summary>A slot was confirmed to hold something else than before, and it is not what is expected.</summary>
    public const string Changed = "changed";

    public static IReadOnlyList<string> All { get; } = [LowConfidence, CloseCall, UnknownProduct, Changed];
}

/// <summary>Chooses what of a result a person may be asked about. What cannot be seen is never asked: nobody can answer it.</summary>
static class ReviewCandidates
{
    /// <summary>The name of the one place of a picture that is not judged slot by slot.</summary>
    public const string WholePicture = "shelf";

    static readonly Region Whole = new(0, 0, 1, 1);

    /// <summary>What a look at the slots asks. A slot that something covers asks nothing, because its verdict is not confirmed.</summary>
    /// <param name="changes">The changes that this look confirmed.</param>
    public static IEnumerable<ReviewCandidate> Of(CommittedResult committed, BayLook look, IReadOnlyList<SlotChange> changes)
    {
        if (look.View != BayView.Clear)
            yield break;
        foreach ((SlotResult result, SlotLook seen) in committed.Result.Slots.Zip(look.Slots))
        {
            if (seen.Descriptor is null || result.Verdict is not (Verdict.Match or Verdict.Mismatch or Verdict.Unknown))
                continue;
            SlotChange? change = changes.LastOrDefault(change => change.Slot == result.Slot && change.To is Verdict.Mismatch or Verdict.Unknown && change.To == result.Verdict);
            if ((change is null ? result.ReviewReason : ReviewReasons.Changed) is not { } reason || reason == ReviewRule.UnusableImage)
                continue;
            string? label = result.Verdict == Verdict.Unknown ? null : change is null ? seen.Expected?.Label : change.Seen;
            yield return new ReviewCandidate(
                committed.Id, result.Slot, seen.Region, committed.CapturedAt, reason, label, LikenessOf(label, seen), seen.Expected?.Label, look.Model, seen.Descriptor);
        }
    }

    /// <summary>What a picture asks that was judged as a whole, or null. A picture that looks like the one before asks nothing new.</summary>
    /// <param name="seen">What the network last saw, or null if its model gives no descriptor.</param>
    public static ReviewCandidate? Of(CommittedResult committed, SeenPicture? seen)
    {
        ShelfResult result = committed.Result;
        if (result is not { Cached: false, Slots: [{ ReviewReason: { } reason } slot] } || reason == ReviewRule.UnusableImage)
            return null;
        bool isUnknown = reason == ReviewRule.UnknownProduct;
        SeenPicture? own = seen is not null && seen.Sha256 == result.Image.Sha256 ? seen : null;
        return new ReviewCandidate(
            committed.Id, WholePicture, Whole, committed.CapturedAt, reason, isUnknown ? null : slot.Top[0].Label, isUnknown ? null : slot.Top[0].Confidence, null,
            own?.Model, own?.Descriptor);
    }

    static double? LikenessOf(string? label, SlotLook seen)
    {
        if (label is null)
            return null;
        foreach (var product in seen.Judgement?.Products ?? [])
        {
            if (product.Label == label)
                return product.Likeness;
        }
        // Where nothing was taught the model's own classes decide.
        return seen.Top.FirstOrDefault(guess => guess.Label == label)?.Confidence;
    }
}
