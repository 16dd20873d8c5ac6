using System.Numerics.Tensors;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// The patience of one slot: a verdict changes only when several looks agree and are still. Half of the pictures of a hand look like
/// something that was taught, so one look never decides. It knows no clock; the times come with the looks.
/// </summary>
/// <remarks>A look that could not be judged is not given to it, so a dark, blurred or shifted picture changes nothing.</remarks>
sealed class SlotTimeline(SlotPatience patience)
{
    /// <summary>The number of calm looks whose movement tells what is usual for this slot, and the least that tells it.</summary>
    const int CalmKept = 15;
    const int CalmNeeded = 5;

    /// <summary>
    /// A slot is still if it moved by less than this many times what is usual for it. Measured on one film: the median between two still
    /// looks is .007 to .012 and the largest .025; a hand that holds a bottle in its place moves by .034 and more.
    /// </summary>
    const double StillFactor = 4;
    const double StillAtLeast = 0.03;

    readonly Queue<double> _calm = new();
    float[]? _lastDescriptor;
    Verdict? _candidate;
    int _agreeing;
    DateTimeOffset _candidateSince;

    /// <summary>The confirmed verdict. Unchecked before the first one.</summary>
    public Verdict Verdict { get; private set; }

    /// <summary>The label of what is there, or null.</summary>
    public string? Seen { get; private set; }

    /// <summary>The time of the first of the looks that confirmed the verdict.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>The time of the last look that agreed with the verdict.</summary>
    public DateTimeOffset? LastSeenAt { get; private set; }

    /// <summary>The time since which the looks do not agree with the verdict, or null if they do.</summary>
    public DateTimeOffset? CoveredSince { get; private set; }

    /// <summary>Continues with what an earlier run confirmed.</summary>
    public void Restore(SlotState state) =>
        (Verdict, Seen, Since, LastSeenAt, CoveredSince) = (state.Verdict, state.Seen, state.Since, state.LastSeenAt, state.CoveredSince);

    /// <summary>Takes one look that could be judged.</summary>
    /// <returns>The verdict before, if this look confirmed another one; null otherwise.</returns>
    public ConfirmedChange? Take(Verdict look, string? seen, ReadOnlySpan<float> descriptor, DateTimeOffset at)
    {
        double? movement = _lastDescriptor is { } last ? 1 - TensorPrimitives.CosineSimilarity(descriptor, last) : null;
        bool isStill = movement < StillWithin();
        _lastDescriptor = descriptor.ToArray();

        if (look == Verdict)
        {
            if (movement > Unchanged)
                Remember(movement.Value);
            // Nothing has to be confirmed. The name of a wrong product is a guess, so another guess is not a change.
            (_candidate, _agreeing, CoveredSince) = (null, 0, null);
            (Seen, LastSeenAt) = (seen, at);
            if (Since == default)
                Since = at;
            return null;
        }

        if (_candidate is { } candidate && Agree(candidate, look) && isStill)
            (_candidate, _agreeing) = (candidate == look ? look : Verdict.Unknown, _agreeing + 1);
        else
            (_candidate, _agreeing, _candidateSince) = (look, 1, at);
        CoveredSince ??= at;
        return _agreeing >= LooksFor(_candidate.Value) ? Confirm(_candidate.Value, seen, _candidateSince, at) : null;
    }

    /// <summary>The movement of a slot for which the network was not run again is only rounding, and says nothing about what is usual.</summary>
    const double Unchanged = 1e-6;

    void Remember(double movement)
    {
        _calm.Enqueue(movement);
        if (_calm.Count > CalmKept)
            _calm.Dequeue();
    }

    double StillWithin() => _calm.Count < CalmNeeded
        ? patience.StillWithin
        : Math.Clamp(StillFactor * _calm.Order().ElementAt(_calm.Count / 2), Math.Min(StillAtLeast, patience.StillWithin), patience.StillWithin);

    ConfirmedChange Confirm(Verdict to, string? seen, DateTimeOffset since, DateTimeOffset at)
    {
        ConfirmedChange change = new(Verdict, to, seen, since, Since == default ? null : since - Since);
        (Verdict, Seen, Since, LastSeenAt) = (to, seen, since, at);
        (_candidate, _agreeing, CoveredSince) = (null, 0, null);
        return change;
    }

    /// <summary>A wrong and an unknown product are one kind of answer: about half of what was never taught passes as something.</summary>
    static bool Agree(Verdict candidate, Verdict look) => candidate == look || (IsWrong(candidate) && IsWrong(look));

    static bool IsWrong(Verdict verdict) => verdict is Verdict.Mismatch or Verdict.Unknown;

    int LooksFor(Verdict verdict) => verdict == Verdict.Unknown || (IsWrong(verdict) && IsWrong(Verdict)) ? patience.UnknownLooks : patience.Looks;
}

/// <param name="Looks">The number of looks that must agree, the first of which need not be still.</param>
/// <param name="UnknownLooks">The same for `unknown`, which a hand resembles most.</param>
/// <param name="StillWithin">The largest difference, as 1 - cosine of the descriptors, between two looks at a still slot. A slot that is usually calmer is held to less.</param>
readonly record struct SlotPatience(int Looks, int UnknownLooks, double StillWithin);

/// <param name="Before">How long the verdict before had been true, or null if there was none.</param>
readonly record struct ConfirmedChange(Verdict From, Verdict To, string? Seen, DateTimeOffset Since, TimeSpan? Before);
