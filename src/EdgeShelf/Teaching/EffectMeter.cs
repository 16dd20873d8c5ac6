using System.Globalization;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>Measures what a change of the examples does: to the verdicts of the last look, and to how well the examples recognize each other.</summary>
static class EffectMeter
{
    /// <summary>The fall of the share of recognized examples from which a change counts as worse. 0.02 are two points of a hundred.</summary>
    public const double MaxFall = 0.02;

    /// <param name="look">The last clear look, or null if there is none.</param>
    /// <param name="model">The <see cref="Models.LoadedModel.DescriptorSource"/> of the model in use.</param>
    /// <param name="baseMean">Its mean descriptor.</param>
    /// <param name="corrected">The slots that are taught as something else than is expected there: that they no longer match is intended.</param>
    public static TeachingEffect Measure(
        ExampleState before, ExampleState after, BayLook? look, string model, ReadOnlySpan<float> baseMean, LikenessThresholds thresholds, IReadOnlySet<string> corrected)
    {
        List<string> worse = [];
        SlotEffect[] slots = look is { View: BayView.Clear } && look.Model == model ? SlotsOf(before, after, look, model, baseMean, thresholds) : [];
        string[] lost = [.. slots.Where(slot => slot is { Before: Verdict.Match, After: not Verdict.Match } && !corrected.Contains(slot.Slot)).Select(slot => slot.Slot)];
        if (lost.Length > 0)
            worse.Add($"{(lost.Length == 1 ? $"Slot {lost[0]} matches" : $"The slots {string.Join(", ", lost)} match")} now and would not any more.");

        Dictionary<long, bool> rightBefore = RightOf(before, model, baseMean, thresholds);
        Dictionary<long, bool> rightAfter = RightOf(after, model, baseMean, thresholds);
        long[] both = [.. rightBefore.Keys.Where(rightAfter.ContainsKey)];
        int were = both.Count(id => rightBefore[id]), are = both.Count(id => rightAfter[id]);
        if (both.Length > 0 && (double)(were - are) / both.Length > MaxFall)
            worse.Add(string.Create(CultureInfo.InvariantCulture, $"Of {both.Length} examples that were taught before, {were} are recognized by the others now and {are} would be."));
        return new TeachingEffect([.. slots.Where(slot => (slot.Before, slot.SeenBefore) != (slot.After, slot.SeenAfter))], were, are, both.Length, worse);
    }

    static SlotEffect[] SlotsOf(ExampleState before, ExampleState after, BayLook look, string model, ReadOnlySpan<float> baseMean, LikenessThresholds thresholds)
    {
        LikenessIndex then = IndexOf(before, model, baseMean), now = IndexOf(after, model, baseMean);
        return
        [
            .. look.Slots.Where(slot => slot.Descriptor is not null).Select(slot =>
            {
                SlotJudgement was = Judge(then, slot, thresholds), becomes = Judge(now, slot, thresholds);
                return new SlotEffect(slot.Slot.Name, was.Verdict, becomes.Verdict, was.Seen, becomes.Seen);
            })
        ];
    }

    static SlotJudgement Judge(LikenessIndex index, SlotLook slot, LikenessThresholds thresholds)
    {
        // What the model's own classes said does not depend on examples.
        ModelOpinion opinion = slot.Judgement?.Reason switch
        {
            JudgementReason.ModelAnswers => new ModelOpinion(true, slot.Judgement.Seen),
            JudgementReason.ModelIsUnsure => new ModelOpinion(true, null),
            _ => default,
        };
        return SlotJudge.Judge(index, slot.Descriptor, slot.Expected?.Label, opinion, thresholds);
    }

    static LikenessIndex IndexOf(ExampleState state, string model, ReadOnlySpan<float> baseMean) =>
        new([.. state.Examples.Where(example => example.Model == model).Select(example => new Example(example.Id, example.Label, example.Slot, example.Descriptor))], baseMean);

    static Dictionary<long, bool> RightOf(ExampleState state, string model, ReadOnlySpan<float> baseMean, LikenessThresholds thresholds) =>
        TeachingFigures.Judge(state, model, baseMean, thresholds).ToDictionary(judgement => judgement.Example.Id, judgement => judgement.IsRight);
}
