using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>What a picture of the bay is judged by: where the slots are, what belongs there, and what products look like.</summary>
/// <param name="Slots">The slots, on the reference picture.</param>
/// <param name="Planogram">What belongs in the slots, or null if nothing is expected.</param>
/// <param name="Examples">The examples of the taught products.</param>
sealed record BayPlan(SlotMap Slots, Planogram? Planogram, ExampleSet Examples);
