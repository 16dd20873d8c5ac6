using System.Globalization;

namespace EdgeShelf.Recognition.Likeness;

/// <summary>Says in one sentence why a judgement is what it is, for the page and for `shelf check --explain`.</summary>
static class JudgementText
{
    /// <param name="judgement">The judgement, or null if the slot was not judged because the picture could not be used or the slot lies outside of it.</param>
    /// <param name="expected">The label of the expected product, or null if nothing is expected.</param>
    /// <param name="nameOf">Returns the name of a label for people. Null shows labels.</param>
    public static string Of(SlotJudgement? judgement, string? expected, Func<string, string>? nameOf = null) =>
        Sentence(judgement, expected is null ? null : (nameOf ?? Same)(expected), judgement?.Seen is { } seen ? (nameOf ?? Same)(seen) : null, nameOf ?? Same);

    static string Same(string label) => label;

    static string Sentence(SlotJudgement? judgement, string? expected, string? seen, Func<string, string> nameOf) => judgement is null
        ? "The slot was not judged, because it cannot be seen in this picture."
        : judgement.Reason switch
        {
            JudgementReason.ExpectedPasses => $"{expected} is expected, and the slot passes as it with a likeness of {Number(judgement.Expected)}{Rival(judgement, nameOf)}.",
            JudgementReason.LikeEmpty => $"The slot is most like a place without goods, with a likeness of {Number(judgement.Empty)}; {Number(judgement.Thresholds.MinEmpty)} is needed{Own(judgement, expected)}.",
            JudgementReason.NothingExpected => seen is not null
                ? $"The planogram expects nothing in this slot, so there is no verdict; it looks like {seen}."
                : "The planogram expects nothing in this slot, so there is no verdict.",
            JudgementReason.NotTaught => $"{expected} was not taught, so the place cannot be checked. Teach it when it is in its place.",
            JudgementReason.ModelAnswers => $"{expected} is expected and has no example, so the model's own classes decide: the picture shows {seen}.",
            JudgementReason.ModelIsUnsure => $"{expected} is expected and has no example, and the model is not sure of any of its classes; teach it.",
            JudgementReason.OtherIsMoreLike =>
                $"{expected} is expected and passes with a likeness of {Number(judgement.Expected)}, but {Closest(judgement, nameOf)} is more like with {Number(judgement.Other?.Likeness)}, by more than the margin of {Number(judgement.Thresholds.Margin)}{ByHead(judgement, seen)}.",
            JudgementReason.OtherPasses =>
                $"{expected} is expected and does not pass: its likeness is {Number(judgement.Expected)}, and {Number(judgement.Thresholds.MinLikeness)} is needed. {Closest(judgement, nameOf)} passes with {Number(judgement.Other?.Likeness)}{ByHead(judgement, seen)}.",
            JudgementReason.NothingPasses =>
                $"Nothing that was taught passes: the likeness to {expected} is {Number(judgement.Expected)}{Best(judgement, nameOf)}, and {Number(judgement.Thresholds.MinLikeness)} is needed.",
            _ => throw new ArgumentOutOfRangeException(nameof(judgement), judgement.Reason, "A new reason needs a sentence here."),
        };

    /// <summary>A product that is more like than the expected one, but by less than the margin.</summary>
    static string Rival(SlotJudgement judgement, Func<string, string> nameOf) => judgement.Other is { } other && other.Likeness > judgement.Expected
        ? $"; {nameOf(other.Label)} is more like with {Number(other.Likeness)}, but by no more than the margin of {Number(judgement.Thresholds.Margin)}"
        : $"; {Number(judgement.Thresholds.MinLikeness)} is needed";

    static string Closest(SlotJudgement judgement, Func<string, string> nameOf) => judgement.Other is { } other ? nameOf(other.Label) : "another product";

    /// <summary>The trained head may choose another one of the products that pass.</summary>
    static string ByHead(SlotJudgement judgement, string? seen) => judgement.Seen is null || judgement.Seen == judgement.Other?.Label ? "" : $"; of those that pass, the trained model says {seen}";

    static string Own(SlotJudgement judgement, string? expected) => judgement.Expected is { } own ? $". The likeness to the expected {expected} is {Number(own)}" : "";

    static string Best(SlotJudgement judgement, Func<string, string> nameOf) => judgement.Other is { } other ? $", that to {nameOf(other.Label)} {Number(other.Likeness)}" : "";

    /// <remarks>A zero is added because a number that rounds to zero from below would have a sign.</remarks>
    static string Number(double? likeness) => likeness is { } number ? (Math.Round(number, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture) : "unknown";
}
