using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Likeness;

/// <summary>Decides what one look says of one slot. First the expected product is verified, because that question is easier than to name what is there.</summary>
/// <remarks>
/// One threshold for all products was measured to be better than thresholds by product and than cohort normalization: lost, wrong passed
/// and strangers passed are 5.7, 1.8 and 2.5 % compared with 5.1, 6.7, 9.3 and 6.0, 3.3, 5.0 (one bay, 52 facings, 18 products).
/// </remarks>
static class SlotJudge
{
    /// <param name="descriptor">The descriptor of the slot's crop.</param>
    /// <param name="expected">The label of the expected product, or null if nothing is expected.</param>
    public static SlotJudgement Judge(LikenessIndex index, ReadOnlySpan<float> descriptor, string? expected, LikenessThresholds thresholds)
    {
        float[] likeness = index.LikenessOf(descriptor);
        LabelLikeness[] ranked = [.. index.Labels.Select((label, at) => new LabelLikeness(label, Math.Round(likeness[at], 4))).OrderByDescending(entry => entry.Likeness)];
        LabelLikeness[] products = [.. ranked.Where(entry => entry.Label != Planogram.EmptyLabel)];
        double? empty = ranked.Cast<LabelLikeness?>().FirstOrDefault(entry => entry!.Value.Label == Planogram.EmptyLabel)?.Likeness;
        double? own = products.Cast<LabelLikeness?>().FirstOrDefault(entry => entry!.Value.Label == expected)?.Likeness;
        LabelLikeness? best = products.Length > 0 ? products[0] : null;
        LabelLikeness? other = products.Cast<LabelLikeness?>().FirstOrDefault(entry => entry!.Value.Label != expected);
        SlotJudgement Answer(Verdict verdict, string? seen, JudgementReason reason) => new(verdict, seen, reason, own, other, empty, products, thresholds);

        bool isExpected = own >= thresholds.MinLikeness && own >= (other?.Likeness ?? -1) - thresholds.Margin && own >= (empty ?? -1);
        if (isExpected)
            return Answer(Verdict.Match, expected, JudgementReason.ExpectedPasses);
        if (empty >= thresholds.MinEmpty && empty > (best?.Likeness ?? -1))
            return Answer(Verdict.Empty, Planogram.EmptyLabel, JudgementReason.LikeEmpty);
        if (expected is not null && own is null)
            return Answer(Verdict.Unchecked, best?.Likeness >= thresholds.MinLikeness ? best.Value.Label : null, JudgementReason.NotTaught);
        if (other?.Likeness >= thresholds.MinLikeness)
            return Answer(Verdict.Mismatch, other.Value.Label, own >= thresholds.MinLikeness ? JudgementReason.OtherIsMoreLike : JudgementReason.OtherPasses);
        return Answer(Verdict.Unknown, null, JudgementReason.NothingPasses);
    }
}

/// <summary>The thresholds of likeness. They were measured on one bay with the FP32 network, one and two examples a product.</summary>
/// <param name="MinLikeness">The lowest likeness at which a product passes.</param>
/// <param name="Margin">The most by which another product may be more like than the expected one.</param>
/// <param name="MinEmpty">The lowest likeness at which a place passes as empty.</param>
readonly record struct LikenessThresholds(double MinLikeness, double Margin, double MinEmpty);

readonly record struct LabelLikeness(string Label, double Likeness);

/// <summary>Why a judgement is what it is.</summary>
enum JudgementReason
{
    /// <summary>The expected product passes, and nothing else is clearly more like.</summary>
    ExpectedPasses,

    /// <summary>The place looks as without goods, more than like any product.</summary>
    LikeEmpty,

    /// <summary>The expected product has no example.</summary>
    NotTaught,

    /// <summary>The expected product passes, but another one is more like by more than the margin.</summary>
    OtherIsMoreLike,

    /// <summary>The expected product does not pass, and another one does.</summary>
    OtherPasses,

    /// <summary>No product and no empty place passes.</summary>
    NothingPasses,
}

/// <summary>What one look says of one slot.</summary>
/// <param name="Seen">The label of what is there, or null if nothing known passes.</param>
/// <param name="Expected">The likeness to the expected product, or null if nothing is expected or the product was not taught.</param>
/// <param name="Other">The most alike product that is not the expected one.</param>
/// <param name="Empty">The likeness to the places without goods, or null if none was taught.</param>
/// <param name="Products">All products, the most alike first.</param>
sealed record SlotJudgement(
    Verdict Verdict, string? Seen, JudgementReason Reason, double? Expected, LabelLikeness? Other, double? Empty,
    IReadOnlyList<LabelLikeness> Products, LikenessThresholds Thresholds);
