using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>Makes the results of slots from what a picture showed of them.</summary>
static class SlotResults
{
    /// <summary>The result of one slot.</summary>
    /// <param name="view">The view of the picture.</param>
    /// <param name="state">The confirmed state after the picture, or null if the picture is judged alone.</param>
    public static SlotResult Of(SlotLook look, BayView view, SlotState? state)
    {
        Verdict shown = VerdictOf(look, view, state);
        string? reason = view == BayView.Unusable ? ReviewRule.UnusableImage
            : shown == Verdict.Unknown ? ReviewRule.UnknownProduct
            : look.Judgement is { Reason: JudgementReason.ExpectedPasses } judgement && judgement.Other?.Likeness > judgement.Expected ? ReviewRule.CloseCall
            : null;
        return new SlotResult(look.Slot.Name, look.Top, reason is not null, reason) { Region = look.Region, Cached = look.Skipped, Expected = look.Expected, Verdict = shown };
    }

    /// <summary>The verdict that is shown: unchecked if the picture cannot be judged, and covered while a change is not confirmed.</summary>
    public static Verdict VerdictOf(SlotLook look, BayView view, SlotState? state) =>
        view != BayView.Clear || look.Judgement is not { } judgement ? Verdict.Unchecked
        : state is null ? judgement.Verdict
        : state.CoveredSince is not null ? Verdict.Covered
        : state.Verdict;
}
