using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// What the network said of each slot, so that it runs again only for slots that look different. A slot is compared with the look for which
/// the network ran, so a slow drift adds up and is noticed. Not thread-safe.
/// </summary>
/// <param name="maxDifference">The maximum difference at which a slot counts as unchanged, in levels of 255; see <see cref="SlotSignature"/>.</param>
/// <param name="refreshEvery">The time after which the network runs even if the slot looks as it did.</param>
sealed class SlotMemory(double maxDifference, TimeSpan refreshEvery, TimeProvider clock)
{
    readonly Dictionary<string, (Region Region, SlotSignature Signature, SlotAnswer Answer, long RanAt)> _slots = [];
    LoadedModel? _model;

    /// <summary>Finds the answer for a slot that looks as it did when the network ran, with the same model.</summary>
    public SlotAnswer? Find(LoadedModel model, Slot slot, SlotSignature signature)
    {
        if (!ReferenceEquals(_model, model))
            _slots.Clear();
        _model = model;
        return _slots.TryGetValue(slot.Name, out (Region Region, SlotSignature Signature, SlotAnswer Answer, long RanAt) known)
            && known.Region == slot.Region && known.Signature.DifferenceTo(signature) <= maxDifference && clock.GetElapsedTime(known.RanAt) < refreshEvery
            ? known.Answer
            : null;
    }

    public void Keep(Slot slot, SlotSignature signature, SlotAnswer answer) => _slots[slot.Name] = (slot.Region, signature, answer, clock.GetTimestamp());

    /// <summary>Forgets slots that are gone.</summary>
    public void Forget(SlotMap slots)
    {
        HashSet<string> names = [.. slots.Slots.Select(slot => slot.Name)];
        foreach (string gone in _slots.Keys.Where(name => !names.Contains(name)).ToArray())
            _slots.Remove(gone);
    }
}

/// <summary>What the network said of one crop.</summary>
/// <param name="Descriptor">See <see cref="Models.Descriptor"/>.</param>
/// <param name="Top">The best classes of the model.</param>
/// <param name="ReviewReason">Why a person should review the model's answer, or null.</param>
sealed record SlotAnswer(float[] Descriptor, IReadOnlyList<Prediction> Top, string? ReviewReason)
{
    /// <summary>See <see cref="LoadedModel.TaughtScores"/>.</summary>
    public IReadOnlyDictionary<string, float>? TaughtScores { get; init; }
}
