using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>What one picture of the bay showed, for teaching, the page and explanations.</summary>
/// <param name="Frame">The picture. Crops are cut from it when somebody asks for them.</param>
/// <param name="At">The time when the picture was taken.</param>
/// <param name="View">Whether the picture could be judged: <see cref="BayView.Clear"/>, or why not.</param>
/// <param name="Flaw">The flaw of an unusable picture.</param>
/// <param name="Dx">The shift to the reference picture, in fractions of the picture's width.</param>
/// <param name="Dy">The shift to the reference picture, in fractions of the picture's height.</param>
/// <param name="Problem">Why the picture does not lie on the reference picture, as a sentence, or null.</param>
/// <param name="Slots">One look for each slot. They have no descriptor if the picture could not be judged.</param>
/// <param name="Run">The number of slots for which the network was run.</param>
sealed record BayLook(
    Frame Frame, DateTimeOffset At, BayView View, PictureFlaw Flaw, double Dx, double Dy, string? Problem, IReadOnlyList<SlotLook> Slots, int Run)
{
    /// <summary>The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptors, or null if it is not known.</summary>
    public string? Model { get; init; }
}

/// <summary>What one picture showed of one slot.</summary>
/// <param name="Region">Where the slot is in this picture.</param>
/// <param name="Descriptor">The descriptor of its crop, or null if the slot was not judged.</param>
/// <param name="Judgement">What the descriptor is like, or null if the slot was not judged.</param>
/// <param name="Top">The best predictions: the taught products by likeness, or the model's classes where no product was taught. Empty if the slot was not judged.</param>
/// <param name="Skipped">Whether the slot looked as it did, so that the network was not run again.</param>
sealed record SlotLook(Slot Slot, Region Region, ExpectedProduct? Expected, float[]? Descriptor, SlotJudgement? Judgement, IReadOnlyList<Prediction> Top, bool Skipped);

/// <summary>The newest look at the bay. Recognition replaces it; teaching and the page read it. Thread-safe.</summary>
sealed class LatestLook
{
    volatile BayLook? _now;

    public BayLook? Now
    {
        get => _now;
        set => _now = value;
    }
}
