using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>What is in force at one moment. Everybody gets the same immutable objects, so that a change can be told by reference.</summary>
/// <param name="Map">The slots of <paramref name="Slots"/>, made once for each version.</param>
/// <param name="Next">The planogram that waits for its time, or null.</param>
/// <param name="SlotsProblem">What is wrong with the file of the slots, or null.</param>
sealed record PlanSnapshot(
    SlotsDocument Slots, SlotMap Map, PlanogramDocument? Planogram, PlanogramDocument? Next, string? SlotsProblem, string? PlanogramProblem, string? NextProblem)
{
    public string? Problem => string.Join(" ", new[] { SlotsProblem, PlanogramProblem, NextProblem }.OfType<string>()) is { Length: > 0 } text ? text : null;
}
