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
    /// <param name="model">What the model's own classes say of the crop. It decides if the expected product has no example but is a class of the model.</param>
    public static SlotJudgement Judge(LikenessIndex index, ReadOnlySpan<float> descriptor, string? expected, ModelOpinion model, LikenessThresholds thresholds) =>
        Judge(index.Labels, index.LikenessOf(descriptor), expected, model, thresholds);

    /// <summary>Decides by likenesses that are known already.</summary>
    /// <param name="labels">The taught labels.</param>
    /// <param name="likeness">The likeness to each of them.</param>
    public static SlotJudgement Judge(IReadOnlyList<string> labels, IReadOnlyList<float> likeness, string? expected, ModelOpinion model, LikenessThresholds thresholds)
    {
        LabelLikeness[] ranked = [.. labels.Select((label, at) => new LabelLikeness(label, Math.Round(likeness[at], 4))).OrderByDescending(entry => entry.Likeness)];
        LabelLikeness[] products = [.. ranked.Where(entry => entry.Label != Planogram.EmptyLabel)];
        double? empty = Find(ranked, entry => entry.Label == Planogram.EmptyLabel)?.Likeness;
        double? own = Find(products, entry => entry.Label == expected)?.Likeness;
        LabelLikeness? other = Find(products, entry => entry.Label != expected);
        double bestProduct = products.Length > 0 ? products[0].Likeness : -1;
        string? Named(IEnumerable<LabelLikeness> candidates) => Name([.. candidates.Where(entry => entry.Likeness >= thresholds.MinLikeness)], model.TaughtScores);
        SlotJudgement Answer(Verdict verdict, string? seen, JudgementReason reason) => new(verdict, seen, reason, own, other, empty, products, thresholds);

        // Without a product to compare with, whatever stands there is most like the only thing that was taught.
        bool isEmpty = products.Length > 0 && empty >= thresholds.MinEmpty && empty > bestProduct;
        if (expected is null)
            return Answer(Verdict.Unchecked, isEmpty ? Planogram.EmptyLabel : Named(products), JudgementReason.NothingExpected);
        if (own >= thresholds.MinLikeness && own >= (other?.Likeness ?? -1) - thresholds.Margin && own >= (empty ?? -1))
            return Answer(Verdict.Match, expected, JudgementReason.ExpectedPasses);
        if (isEmpty)
            return Answer(Verdict.Empty, Planogram.EmptyLabel, JudgementReason.LikeEmpty);
        if (own is null && model.KnowsExpected)
            return model.Best is not { } best ? Answer(Verdict.Unknown, null, JudgementReason.ModelIsUnsure)
                : best == Planogram.EmptyLabel ? Answer(Verdict.Empty, best, JudgementReason.ModelAnswers)
                : Answer(best == expected ? Verdict.Match : Verdict.Mismatch, best, JudgementReason.ModelAnswers);
        if (own is null)
            return Answer(Verdict.Unchecked, Named(products), JudgementReason.NotTaught);
        if (other?.Likeness >= thresholds.MinLikeness)
            return Answer(Verdict.Mismatch, Named(products.Where(entry => entry.Label != expected)), own >= thresholds.MinLikeness ? JudgementReason.OtherIsMoreLike : JudgementReason.OtherPasses);
        return Answer(Verdict.Unknown, null, JudgementReason.NothingPasses);
    }

    /// <summary>
    /// Returns the name of what passes. Likeness decides whether something passes; among several that do, a head that was taught from the examples
    /// tells them apart. A product that it was not taught is named by its likeness alone.
    /// </summary>
    /// <param name="passing">The products that pass, the most alike first.</param>
    static string? Name(LabelLikeness[] passing, IReadOnlyDictionary<string, float>? scores)
    {
        if (passing is not [var best, ..])
            return null;
        return scores?.ContainsKey(best.Label) == true
            ? passing.Where(entry => scores.ContainsKey(entry.Label)).MaxBy(entry => scores[entry.Label]).Label
            : best.Label;
    }

    static LabelLikeness? Find(IEnumerable<LabelLikeness> entries, Func<LabelLikeness, bool> isWanted) =>
        entries.Where(isWanted).Cast<LabelLikeness?>().FirstOrDefault();
}

/// <summary>What the model's own classes say of a crop.</summary>
/// <param name="KnowsExpected">Whether the expected product is a class of the model.</param>
/// <param name="Best">The best class, or null if a person should review it.</param>
readonly record struct ModelOpinion(bool KnowsExpected, string? Best)
{
    /// <summary>The score of each label that the model's head was taught from examples, or null; see <see cref="Models.LoadedModel.TaughtScores"/>.</summary>
    public IReadOnlyDictionary<string, float>? TaughtScores { get; init; }
}

/// <summary>
/// The thresholds of likeness. At .35, .05 and .25 the shipped INT8 network was measured on one bay (52 facings of 18 products, six gaps, the
/// mean of 20 draws of the one facing that is taught): 96.9 % of the others match, 94 % with places drawn a tenth off, .9 % match with a
/// wrong product expected, and 5 % of a never-taught product pass when a taught one is asked for. With two facings taught 100 % match. At .40
/// these are 96.5, 89, .8 and 4.2 %.
/// </summary>
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

    /// <summary>Nothing is expected in this slot.</summary>
    NothingExpected,

    /// <summary>The expected product has no example and is no class of the model.</summary>
    NotTaught,

    /// <summary>The expected product has no example, and the model's own class decides.</summary>
    ModelAnswers,

    /// <summary>The expected product has no example, and the model is not sure of any of its classes.</summary>
    ModelIsUnsure,

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
