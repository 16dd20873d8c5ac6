using System.Text.Json.Serialization;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>One line of `shelf check --json`: what one picture shows of each slot.</summary>
/// <param name="View">`clear`, `unusable` or `camera-moved`. Without a clear view each slot is `unchecked`.</param>
/// <param name="Changes">The changes that this picture confirmed, with --sequence.</param>
sealed record CheckDocument(
    string File, AlignedDocument Aligned, string View, IReadOnlyList<CheckSlotDocument> Slots,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CheckChangeDocument>? Changes)
{
    /// <param name="step">What the picture changed in a film, or null if it is judged alone.</param>
    /// <param name="explain">The thresholds if the verdicts are explained, or null.</param>
    public static CheckDocument Of(string file, BayLook look, BayStep? step, LikenessThresholds? explain) => new(
        file, AlignedDocument.Of(look), BayViewNames.Of(look.View),
        [.. look.Slots.Select((slot, at) => CheckSlotDocument.Of(slot, look.View, step?.State.Slots[at], explain))],
        step is null ? null : [.. step.Changes.Select(change => new CheckChangeDocument(change.Slot, VerdictNames.Of(change.From), VerdictNames.Of(change.To)))]);
}

/// <summary>How the picture lies to the reference picture.</summary>
/// <param name="Dx">The shift in fractions of the picture's width. 0 without a reference picture.</param>
/// <param name="Dy">The shift in fractions of the picture's height.</param>
/// <param name="Ok">Whether the slots lie where they should and can be seen.</param>
/// <param name="Reason">Why not: `turned-or-zoomed`, `shifted-too-far`, `another-view`, `not-comparable`, `dark`, `over-exposed`, `blank` or `blurred`.</param>
sealed record AlignedDocument(double Dx, double Dy, bool Ok, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static AlignedDocument Of(BayLook look) => new(
        Math.Round(look.Dx, 5), Math.Round(look.Dy, 5), look.View == BayView.Clear, look.View == BayView.Clear ? null : look.Problem ?? NameOf(look.Flaw));

    static string? NameOf(PictureFlaw flaw) => flaw switch
    {
        PictureFlaw.None => null,
        PictureFlaw.Dark => "dark",
        PictureFlaw.OverExposed => "over-exposed",
        PictureFlaw.Blank => "blank",
        PictureFlaw.Blurred => "blurred",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "A new flaw needs a name here."),
    };
}

/// <summary>What the picture shows of one slot.</summary>
/// <param name="Label">The label of what is there, or null if nothing known is there or the slot is covered or was not judged.</param>
/// <param name="Confidence">The likeness to the label, 0 to 1, or the model's confidence where its own classes decide. Null without a label.</param>
/// <param name="Expected">The label of the expected product, or null if nothing is expected.</param>
sealed record CheckSlotDocument(
    string Slot, string Verdict, string? Label, double? Confidence, string? Expected,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JudgementExplanation? Explain)
{
    public static CheckSlotDocument Of(SlotLook look, BayView view, SlotState? state, LikenessThresholds? explain)
    {
        Verdict verdict = SlotResults.VerdictOf(look, view, state);
        SlotJudgement? judgement = verdict == Shelf.Verdict.Covered ? null : look.Judgement;
        return new CheckSlotDocument(
            look.Slot.Name, VerdictNames.Of(verdict), judgement?.Seen, SureOf(look, judgement), look.Expected?.Label,
            explain is { } thresholds ? JudgementExplanation.Of(look.Judgement, look.Expected?.Label, thresholds) : null);
    }

    static double? SureOf(SlotLook look, SlotJudgement? judgement) => judgement switch
    {
        null or { Seen: null } => null,
        { Reason: JudgementReason.ModelAnswers } => look.Top[0].Confidence,
        { Seen: Planogram.EmptyLabel } => judgement.Empty,
        _ => judgement.Products.Single(entry => entry.Label == judgement.Seen).Likeness,
    };
}

/// <summary>A confirmed change of a slot.</summary>
sealed record CheckChangeDocument(string Slot, string From, string To);
