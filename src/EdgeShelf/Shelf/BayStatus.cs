using System.Collections.Immutable;

namespace EdgeShelf.Shelf;

/// <summary>
/// The one owner of what is known about the bay: the confirmed state of its slots, their last changes and the availability of the last
/// day. Recognition writes it; `…/shelf`, metrics and the page read it. All members are thread-safe.
/// </summary>
sealed class BayStatus(TimeProvider clock)
{
    /// <summary>The number of changes that are kept for each slot.</summary>
    public const int ChangesKept = 5;

    /// <summary>The period of one point of <see cref="BayRecord.Day"/>.</summary>
    public static readonly TimeSpan PointEvery = TimeSpan.FromMinutes(15);

    /// <summary>The number of points that are kept: one day.</summary>
    public const int PointsKept = 96;

    readonly Lock _gate = new();
    bool _isKnown;
    BayRecord _now = new(new BayState(null, BayView.None, clock.GetUtcNow(), null, []), [], []);

    /// <summary>Raised after each change, on the thread that made it. The argument tells the changes that were confirmed. Handlers must return quickly.</summary>
    public event Action<IReadOnlyList<SlotChange>>? Changed;

    public BayRecord Now
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    /// <summary>
    /// Whether the state was set since the start. Until then a list without slots does not mean that the bay has none, and nothing that
    /// was published about slots is withdrawn.
    /// </summary>
    public bool IsKnown
    {
        get
        {
            lock (_gate)
                return _isKnown;
        }
    }

    /// <summary>Replaces the state, as read from disk at the start or after a look.</summary>
    public void Set(BayState state, IReadOnlyList<SlotChange> changes)
    {
        lock (_gate)
        {
            _now = new BayRecord(state, Newest(changes, state), WithPoint(state));
            _isKnown = true;
        }
        Changed?.Invoke(changes);
    }

    /// <summary>Restores what an earlier run knew. Call this once at the start, also if there are no slots.</summary>
    public void Restore(BayRecord record)
    {
        lock (_gate)
        {
            _now = record;
            _isKnown = true;
        }
        Changed?.Invoke([]);
    }

    ImmutableList<SlotChange> Newest(IReadOnlyList<SlotChange> changes, BayState state)
    {
        HashSet<string> slots = [.. state.Slots.Select(slot => slot.Slot)];
        return [.. _now.Changes.Concat(changes).Where(change => slots.Contains(change.Slot))
            .GroupBy(change => change.Slot).SelectMany(group => group.TakeLast(ChangesKept)).OrderBy(change => change.Since)];
    }

    ImmutableList<AvailabilityPoint> WithPoint(BayState state)
    {
        if (state.Availability is not { } availability)
            return _now.Day;
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset at = new(now.Ticks - now.Ticks % PointEvery.Ticks, TimeSpan.Zero);
        AvailabilityPoint point = new(at, availability);
        ImmutableList<AvailabilityPoint> day = _now.Day;
        // The last point of a period stands for it. A clock that was set back replaces what lies in its future.
        day = [.. day.Where(earlier => earlier.At < at && earlier.At > at - PointEvery * PointsKept), point];
        return day;
    }
}

/// <param name="Changes">The last changes of each slot, oldest first.</param>
/// <param name="Day">The availability of the last day, oldest first: one point for each quarter of an hour that was seen.</param>
sealed record BayRecord(BayState State, ImmutableList<SlotChange> Changes, ImmutableList<AvailabilityPoint> Day);

/// <param name="At">The start of the quarter of an hour, in UTC.</param>
/// <param name="Availability">The on-shelf availability at its end, 0 to 1.</param>
readonly record struct AvailabilityPoint(DateTimeOffset At, double Availability);
