using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Support;

/// <summary>A bay with slots, as recognition tells it.</summary>
static class SomeBay
{
    public static readonly DateTimeOffset Since = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    static readonly ExpectedProduct Bags = new("tall-kitchen-bags", "Tall kitchen bags", "0012");

    /// <summary>One shelf board of slots 1-01, 1-02, … that match, but for what a test says of some.</summary>
    public static BayState Of(int slots, params (string Slot, Verdict Verdict)[] others) => new(
        new PlanogramId("bay-4", "12"), BayView.Clear, Since, Since,
        [.. Enumerable.Range(1, slots).Select(place => Slot($"1-{place:00}", place, others.FirstOrDefault(other => other.Slot == $"1-{place:00}") is { Slot: not null } other ? other.Verdict : Verdict.Match))]);

    public static BayState None { get; } = new(null, BayView.None, Since, null, []);

    /// <summary>The same bay after a look that found nothing new.</summary>
    public static BayState LookedAt(this BayState bay, DateTimeOffset at) =>
        bay with { LastLookAt = at, Slots = [.. bay.Slots.Select(slot => slot with { LastSeenAt = at })] };

    public static BayState With(this BayState bay, string slot, Func<SlotState, SlotState> change) =>
        bay with { Slots = [.. bay.Slots.Select(state => state.Slot == slot ? change(state) : state)] };

    /// <summary>The change by which a slot became what it is in this bay.</summary>
    public static SlotChange ChangeOf(this BayState bay, string slot, Verdict from)
    {
        SlotState state = bay.Slots.Single(state => state.Slot == slot);
        return new SlotChange(slot, from, state.Verdict, state.Expected, state.Seen, state.Since, TimeSpan.FromMinutes(90));
    }

    static SlotState Slot(string name, int place, Verdict verdict) =>
        new(name, 1, place, Bags, verdict, verdict == Verdict.Match ? Bags.Label : null, Since, Since, null);
}
