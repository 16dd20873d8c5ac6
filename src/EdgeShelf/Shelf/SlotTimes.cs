namespace EdgeShelf.Shelf;

/// <summary>
/// How long each slot has been in each state since the start, by the monotonic clock. Slots that are gone are forgotten. All members are
/// thread-safe.
/// </summary>
sealed class SlotTimes(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Dictionary<Verdict, TimeSpan>> _times = [];
    IReadOnlyList<SlotState> _slots = [];
    long _since = clock.GetTimestamp();

    /// <summary>Adds the time until now to the states before, and goes on with these. Call this after each change of the bay.</summary>
    public void Update(IReadOnlyList<SlotState> slots)
    {
        lock (_gate)
        {
            AddUntilNow();
            _slots = slots;
            HashSet<string> names = [.. slots.Select(slot => slot.Slot)];
            foreach (string gone in _times.Keys.Where(name => !names.Contains(name)).ToArray())
                _times.Remove(gone);
        }
    }

    /// <summary>The times until now. A slot that is covered is in two states: its confirmed verdict, and <see cref="Verdict.Covered"/>.</summary>
    public IReadOnlyList<SlotTime> Now()
    {
        lock (_gate)
        {
            AddUntilNow();
            return [.. _times.SelectMany(slot => slot.Value.Select(state => new SlotTime(slot.Key, state.Key, state.Value)))];
        }
    }

    void AddUntilNow()
    {
        long now = clock.GetTimestamp();
        TimeSpan passed = clock.GetElapsedTime(_since, now);
        _since = now;
        foreach (SlotState slot in _slots)
        {
            Add(slot.Slot, slot.Verdict, passed);
            if (slot.CoveredSince is not null)
                Add(slot.Slot, Verdict.Covered, passed);
        }
    }

    void Add(string slot, Verdict verdict, TimeSpan time)
    {
        if (!_times.TryGetValue(slot, out Dictionary<Verdict, TimeSpan>? states))
            _times[slot] = states = [];
        states[verdict] = states.GetValueOrDefault(verdict) + time;
    }
}

/// <param name="Total">The time that the slot has been in the state.</param>
readonly record struct SlotTime(string Slot, Verdict Verdict, TimeSpan Total);
