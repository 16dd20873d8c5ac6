namespace EdgeShelf.Shelf;

/// <summary>Counts the slots for which the network was run, and those for which it was not because they looked as before. All members are thread-safe.</summary>
sealed class SlotCounters
{
    long _run;
    long _skipped;

    /// <summary>The number of crops on which the network was run since the start.</summary>
    public long SlotsRun => Interlocked.Read(ref _run);

    /// <summary>The number of crops on which it was not run, because they looked as before.</summary>
    public long SlotsSkipped => Interlocked.Read(ref _skipped);

    public void Run(int slots) => Interlocked.Add(ref _run, slots);

    public void Skip(int slots) => Interlocked.Add(ref _skipped, slots);
}
