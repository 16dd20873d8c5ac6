using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

/// <summary>Describes the bay for the page: what is confirmed, where its slots are in the newest picture, and why a verdict is what it is.</summary>
sealed class BayReport(BayStatus bay, LatestLook latest, TaughtProducts taught, PlanStore plan, IOptions<PublishOptions> publish, TimeProvider clock)
{
    /// <param name="withDay">Whether the availability of the last day is wanted.</param>
    public BayDocument Now(bool withDay)
    {
        BayRecord record = bay.Now;
        BayState state = record.State;
        return new BayDocument
        {
            Device = publish.Value.Device,
            Planogram = PlanogramIdDocument.Of(state.Planogram),
            View = BayViewNames.Of(state.View),
            ViewSince = state.ViewSince,
            LastLookAt = state.LastLookAt,
            Availability = state.Availability,
            Expected = state.Expected,
            Available = state.Available,
            Judged = state.Judged,
            Slots = SlotsOf(state),
            Day = withDay ? [.. record.Day.Select(point => new BayPointDocument(point.At, point.Availability))] : null,
            Changes = [.. record.Changes.Select(Of)],
        };
    }

    /// <summary>Describes one slot in full. Returns null if there is no slot of this name.</summary>
    public BaySlotDetail? Find(string name)
    {
        BayRecord record = bay.Now;
        if (SlotsOf(record.State).FirstOrDefault(slot => slot.Slot == name) is not { } known)
            return null;
        SlotLook? look = LookAt(name);
        return new BaySlotDetail
        {
            Slot = known.Slot,
            Shelf = known.Shelf,
            Position = known.Position,
            Region = known.Region,
            Expected = known.Expected,
            Verdict = known.Verdict,
            Seen = known.Seen,
            Since = known.Since,
            LastSeenAt = known.LastSeenAt,
            CoveredSince = known.CoveredSince,
            CoveredLong = known.CoveredLong,
            Examples = known.Examples,
            Explain = look is { Judgement: { } judgement } && look.Expected?.Label == known.Expected?.Label ? JudgementExplanation.Of(judgement, look.Expected?.Label, judgement.Thresholds, NameOf) : null,
            Changes = [.. record.Changes.Where(change => change.Slot == name).Select(Of)],
        };
    }

    /// <summary>The newest look at a slot, or null if the slot was not looked at since it is where it is.</summary>
    SlotLook? LookAt(string name) =>
        latest.Now?.Slots.FirstOrDefault(look => look.Slot.Name == name) is { } look && plan.Slots.Slots.Contains(look.Slot) ? look : null;

    BaySlotDocument[] SlotsOf(BayState state)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Dictionary<string, Region> regions = plan.Slots.Slots.ToDictionary(slot => slot.Name, slot => slot.Region);
        foreach (SlotLook look in latest.Now?.Slots ?? [])
        {
            // A slot that was moved since the newest picture is where somebody moved it to.
            if (regions.TryGetValue(look.Slot.Name, out Region drawn) && drawn == look.Slot.Region)
                regions[look.Slot.Name] = look.Region;
        }
        Dictionary<string, int> examples = taught.Now.Examples.CountBy(example => example.Label).ToDictionary();
        return
        [
            .. state.Slots.Where(slot => regions.ContainsKey(slot.Slot)).Select(slot => new BaySlotDocument
            {
                Slot = slot.Slot,
                Shelf = slot.Shelf,
                Position = slot.Place,
                Region = RegionDocument.Of(regions[slot.Slot]),
                Expected = ExpectedDocument.Of(slot.Expected),
                Verdict = VerdictNames.Of(slot.Verdict),
                Seen = slot.Seen,
                Since = slot.Since,
                LastSeenAt = slot.LastSeenAt,
                CoveredSince = slot.CoveredSince,
                CoveredLong = slot.IsCoveredLong(now),
                Examples = slot.Expected is { } expected ? examples.GetValueOrDefault(expected.Label) : 0,
            }),
        ];
    }

    /// <summary>The name of a label for people: the planogram's, or one made of the label.</summary>
    string NameOf(string label) =>
        plan.Planogram?.Products.FirstOrDefault(product => product.Label == label)?.Name ?? label.Replace('-', ' ').Replace('_', ' ');

    static BayChangeDocument Of(SlotChange change) =>
        new(change.Slot, VerdictNames.Of(change.From), VerdictNames.Of(change.To), change.Seen, change.Since, change.Before is { } before ? Math.Round(before.TotalSeconds, 1) : null);
}
