namespace EdgeShelf.Recognition.Likeness;

/// <summary>The likenesses and thresholds behind a verdict, as `explain` in the documents of the page and of `shelf check --explain`.</summary>
/// <param name="Threshold">The lowest likeness at which a product passes.</param>
/// <param name="Margin">The most by which another product may be more like than the expected one.</param>
/// <param name="EmptyThreshold">The lowest likeness at which a place passes as empty.</param>
/// <param name="ExpectedLikeness">The likeness to the expected product, or null if nothing is expected or the product was not taught.</param>
/// <param name="EmptyLikeness">The likeness to the places without goods, or null if none was taught.</param>
/// <param name="Top">The most alike products, best first: three, or fewer if fewer were taught.</param>
/// <param name="Reason">One sentence that says why the verdict is what it is.</param>
sealed record JudgementExplanation(
    double Threshold, double Margin, double EmptyThreshold, double? ExpectedLikeness, double? EmptyLikeness, IReadOnlyList<LabelLikeness> Top, string Reason)
{
    const int TopCount = 3;

    /// <param name="judgement">The judgement, or null if the slot was not judged.</param>
    /// <param name="expected">The label of the expected product, or null if nothing is expected.</param>
    /// <param name="thresholds">The thresholds in force.</param>
    /// <param name="nameOf">Returns the name of a label for people, for the sentence. Null shows labels.</param>
    public static JudgementExplanation Of(SlotJudgement? judgement, string? expected, LikenessThresholds thresholds, Func<string, string>? nameOf = null) => new(
        thresholds.MinLikeness, thresholds.Margin, thresholds.MinEmpty, judgement?.Expected, judgement?.Empty,
        [.. (judgement?.Products ?? []).Take(TopCount)], JudgementText.Of(judgement, expected, nameOf));
}
