using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// Everything that is decided about a bay over time: looks go in, confirmed changes come out. It knows no clock; the times come with the
/// looks. Not thread-safe.
/// </summary>
sealed class BayTimeline(SlotPatience patience)
{
    /// <summary>The number of looks in a row that must not lie on the reference picture before the camera counts as moved, and that must lie on it before it counts as settled.</summary>
    const int LooksToMove = 3;
    const int LooksToSettle = 2;

    readonly Dictionary<string, (Slot Slot, ExpectedProduct? Expected, SlotTimeline Timeline)> _slots = [];
    int _misaligned;
    int _aligned;
    BayState _state = new(null, BayView.None, default, null, []);

    public BayState State => _state;

    /// <summary>Whether another look is wanted soon, because a change is not confirmed.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Continues with what an earlier run confirmed. Call it before the first look.</summary>
    public void Restore(BayState state, BayPlan plan)
    {
        Follow(plan);
        foreach (SlotState before in state.Slots)
        {
            if (_slots.TryGetValue(before.Slot, out var slot) && slot.Expected?.Label == before.Expected?.Label)
                slot.Timeline.Restore(before);
        }
        _state = Describe(plan, state.View, state.ViewSince, state.LastLookAt);
    }

    /// <summary>Follows a change of slots or planogram without a look.</summary>
    public BayState Refresh(BayPlan plan, DateTimeOffset at)
    {
        Follow(plan);
        BayView view = plan.Slots.IsEmpty ? BayView.None : _state.View;
        return _state = Describe(plan, view, view == _state.View && _state.ViewSince != default ? _state.ViewSince : at, _state.LastLookAt);
    }

    /// <summary>Takes one look.</summary>
    public BayStep Take(BayLook look, BayPlan plan)
    {
        Follow(plan);
        List<SlotChange> changes = [];
        foreach (SlotLook seen in look.Slots)
        {
            if (plan.Examples.IsComplete && seen is { Judgement: { } judgement, Descriptor: { } descriptor }
                && _slots[seen.Slot.Name].Timeline.Take(judgement.Verdict, judgement.Seen, descriptor, look.At) is { From: not Verdict.Unchecked } change)
            {
                changes.Add(new SlotChange(seen.Slot.Name, change.From, change.To, seen.Expected, change.Seen, change.Since, change.Before));
            }
        }

        BayView before = _state.View;
        BayView view = Settle(look.View, before);
        _state = Describe(plan, view, view == before ? _state.ViewSince : look.At, look.At);
        IsPending = (look.View == BayView.Clear && _slots.Values.Any(slot => slot.Timeline.CoveredSince is not null))
            || (look.View == BayView.CameraMoved && view != BayView.CameraMoved)
            || (look.View == BayView.Clear && view == BayView.CameraMoved);
        return new BayStep(_state, changes);
    }

    /// <summary>Follows a change of slots or planogram. A slot that moved or expects another product starts anew.</summary>
    void Follow(BayPlan plan)
    {
        Dictionary<string, (Slot, ExpectedProduct?, SlotTimeline)> before = new(_slots);
        _slots.Clear();
        foreach (Slot slot in plan.Slots.Slots)
        {
            ExpectedProduct? expected = plan.Planogram?.ExpectedIn(slot.Name);
            bool isSame = before.TryGetValue(slot.Name, out (Slot Slot, ExpectedProduct? Expected, SlotTimeline Timeline) old)
                && old.Expected?.Label == expected?.Label && old.Slot.Region == slot.Region;
            _slots[slot.Name] = (slot, expected, isSame ? old.Timeline : new SlotTimeline(patience));
        }
    }

    /// <summary>One picture that does not lie on the reference does not say yet that the camera was moved.</summary>
    BayView Settle(BayView look, BayView before)
    {
        _misaligned = look == BayView.CameraMoved ? _misaligned + 1 : look == BayView.Clear ? 0 : _misaligned;
        _aligned = look == BayView.Clear ? _aligned + 1 : look == BayView.CameraMoved ? 0 : _aligned;
        if (before == BayView.CameraMoved)
            return _aligned >= LooksToSettle ? BayView.Clear : BayView.CameraMoved;
        if (look != BayView.CameraMoved)
            return look;
        return _misaligned >= LooksToMove ? BayView.CameraMoved : before;
    }

    BayState Describe(BayPlan plan, BayView view, DateTimeOffset viewSince, DateTimeOffset? lookedAt) => new(
        plan.Planogram?.Id, view, viewSince, lookedAt,
        [.. plan.Slots.Slots.Select(slot => Describe(slot, plan.Planogram))]);

    SlotState Describe(Slot slot, Planogram? planogram)
    {
        (_, ExpectedProduct? expected, SlotTimeline timeline) = _slots[slot.Name];
        Position? position = planogram?.Positions.FirstOrDefault(position => position.Slot == slot.Name);
        return new SlotState(
            slot.Name, position?.Shelf ?? slot.Shelf, position?.Place, expected,
            timeline.Verdict, timeline.Seen, timeline.Since, timeline.LastSeenAt, timeline.CoveredSince);
    }
}

/// <summary>What one look changed.</summary>
/// <param name="Changes">The confirmed changes, without the first verdict of a slot.</param>
sealed record BayStep(BayState State, IReadOnlyList<SlotChange> Changes);
