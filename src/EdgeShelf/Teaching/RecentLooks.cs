using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using EdgeShelf.Recognition.Slots;

namespace EdgeShelf.Teaching;

/// <summary>
/// The last looks with the numbers of their results, so that somebody who corrects a result teaches what the device saw then. A slot that has
/// looked the same since counts as seen in all results since, however many there were. Thread-safe.
/// </summary>
sealed class RecentLooks
{
    /// <summary>The number of looks that are kept, if their pictures are small enough.</summary>
    public const int Kept = 8;

    /// <summary>The maximum size of the pictures of all looks that are kept, in bytes. The newest look is always kept.</summary>
    public const long MaxBytes = 8 << 20;

    /// <summary>The largest difference, as 1 - cosine of the descriptors, at which a slot still shows the same.</summary>
    const double SameWithin = 0.05;

    readonly Lock _gate = new();
    ImmutableList<NumberedLook> _oldestFirst = [];

    /// <summary>Keeps a look. Call it after its result was committed.</summary>
    /// <param name="result">The result's id, which ends in its number.</param>
    public void Keep(string result, BayLook look)
    {
        (string device, long seq) = Split(result) ?? throw new ArgumentException($"{result} does not end in a number.", nameof(result));
        lock (_gate)
        {
            NumberedLook? last = _oldestFirst.IsEmpty ? null : _oldestFirst[^1];
            Dictionary<string, long> since = look.Slots.ToDictionary(slot => slot.Slot.Name, slot => SinceOf(slot, last) ?? seq);
            _oldestFirst = _oldestFirst.Add(new NumberedLook(device, seq, look, since));
            while (_oldestFirst.Count > Kept || (_oldestFirst.Count > 1 && _oldestFirst.Sum(kept => (long)kept.Look.Frame.Bytes.Length) > MaxBytes))
                _oldestFirst = _oldestFirst.RemoveAt(0);
        }
    }

    /// <summary>Finds a look at a slot that shows what the result showed, the oldest one first, or null if the device does not have it any more.</summary>
    public BayLook? Find(string result, string slot)
    {
        if (Split(result) is not var (device, seq))
            return null;
        foreach (NumberedLook kept in _oldestFirst)
        {
            if (kept.Device == device && kept.Look.Slots.FirstOrDefault(look => look.Slot.Name == slot) is { Descriptor: not null } && seq <= kept.Seq && seq >= kept.Since[slot])
                return kept.Look;
        }
        return null;
    }

    /// <summary>Whether a slot looks as it did in the look before. A slot that was seen only once counts as still.</summary>
    /// <param name="within">The largest difference, as 1 - cosine of the descriptors.</param>
    public bool IsStill(BayLook look, SlotLook slot, double within)
    {
        ImmutableList<NumberedLook> looks = _oldestFirst;
        int at = looks.FindIndex(kept => ReferenceEquals(kept.Look, look));
        BayLook? before = at > 0 ? looks[at - 1].Look : at < 0 && !looks.IsEmpty ? looks[^1].Look : null;
        return slot.Skipped || before?.Slots.FirstOrDefault(earlier => earlier.Slot == slot.Slot) is not { Descriptor: { } then } || slot.Descriptor is not { } now
            || Difference(then, now) <= within;
    }

    static long? SinceOf(SlotLook slot, NumberedLook? last) =>
        last?.Look.Slots.FirstOrDefault(earlier => earlier.Slot == slot.Slot) is { } before
        && (slot.Skipped || (slot.Descriptor is { } now && before.Descriptor is { } then && Difference(then, now) <= SameWithin))
            ? last.Since[slot.Slot.Name]
            : null;

    /// <summary>Splits an id into the device and the number, as in `shelf-07-41`.</summary>
    static (string Device, long Seq)? Split(string result) =>
        result.LastIndexOf('-') is > 0 and var dash && long.TryParse(result.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long seq) ? (result[..dash], seq) : null;

    static double Difference(float[] a, float[] b) => a.Length == b.Length ? 1 - TensorPrimitives.CosineSimilarity(a, b) : 2;

    /// <param name="Since">By slot: the number of the first result that showed what this look shows.</param>
    sealed record NumberedLook(string Device, long Seq, BayLook Look, IReadOnlyDictionary<string, long> Since);
}
