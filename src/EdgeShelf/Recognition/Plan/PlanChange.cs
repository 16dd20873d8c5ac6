using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>A change of the slots, of the planogram in force, or of both.</summary>
/// <param name="SlotsBefore">The slots that were in force before.</param>
/// <param name="Slots">The slots in force.</param>
/// <param name="PlanogramBefore">The planogram that was in force before, or null.</param>
/// <param name="Planogram">The planogram in force, or null.</param>
/// <param name="By">Who made the change: one of <see cref="PlanSource"/>.</param>
sealed record PlanChange(SlotMap SlotsBefore, SlotMap Slots, Planogram? PlanogramBefore, Planogram? Planogram, string By)
{
    /// <summary>Whether the slots or their reference picture changed.</summary>
    public bool SlotsChanged => !ReferenceEquals(SlotsBefore, Slots);

    /// <summary>Whether another planogram is in force.</summary>
    public bool PlanogramChanged => !ReferenceEquals(PlanogramBefore, Planogram);
}

/// <summary>A picture that is to become the reference picture.</summary>
/// <param name="Picture">A JPEG or PNG, as the camera gave it.</param>
/// <param name="Width">The width in pixels of the upright picture.</param>
/// <param name="Height">The height in pixels of the upright picture.</param>
sealed record NewReference(ReadOnlyMemory<byte> Picture, int Width, int Height, DateTimeOffset TakenAt);
