using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Likeness;

/// <summary>Says in one sentence for people why a judgement is what it is.</summary>
static class JudgementText
{
    /// <param name="expectedName">The name of the expected product for people, or null if nothing is expected.</param>
    /// <param name="nameOf">Returns the name of a label for people.</param>
    public static string Of(SlotJudgement judgement, string? expectedName, Func<string, string> nameOf)
    {
        string expected = expectedName ?? "the expected product";
        string other = judgement.Other is { } best ? nameOf(best.Label) : "another product";
        LikenessThresholds needed = judgement.Thresholds;
        return judgement.Reason switch
        {
            JudgementReason.ExpectedPasses => $"It looks like {expected}: the likeness is {Text(judgement.Expected)}, and {Text(needed.MinLikeness)} is needed.",
            JudgementReason.LikeEmpty => $"It looks like a place without goods: the likeness is {Text(judgement.Empty)}, and {Text(needed.MinEmpty)} is needed.",
            JudgementReason.NothingExpected => "Nothing is expected here, so nothing is compared.",
            JudgementReason.NotTaught => $"{Capital(expected)} was not taught, so the place cannot be checked. Teach it when it is in its place.",
            JudgementReason.ModelAnswers => $"{Capital(expected)} was not taught. The model itself knows it, and it sees {(judgement.Verdict == Verdict.Match ? "it here" : judgement.Seen is { } seen ? nameOf(seen) : "another product")}.",
            JudgementReason.ModelIsUnsure => $"{Capital(expected)} was not taught. The model itself knows it, but it is not sure of what it sees.",
            JudgementReason.OtherIsMoreLike => $"It looks more like {other} ({Text(judgement.Other?.Likeness)}) than like {expected} ({Text(judgement.Expected)}).",
            JudgementReason.OtherPasses => $"It looks like {other} ({Text(judgement.Other?.Likeness)}). The likeness to {expected} is {Text(judgement.Expected)}, and {Text(needed.MinLikeness)} is needed.",
            JudgementReason.NothingPasses => $"It looks like nothing that was taught. The likeness to {expected} is {Text(judgement.Expected)}, and {Text(needed.MinLikeness)} is needed.",
            _ => throw new ArgumentOutOfRangeException(nameof(judgement), judgement.Reason, "A new reason needs a sentence here."),
        };
    }

    static string Text(double? likeness) => (likeness ?? 0).ToString("0.00", CultureInfo.InvariantCulture);

    static string Capital(string name) => name.Length == 0 ? name : char.ToUpper(name[0], CultureInfo.CurrentCulture) + name[1..];
}
