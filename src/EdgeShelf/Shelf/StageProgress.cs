namespace EdgeShelf.Shelf;

/// <summary>
/// Tracks what each stage is doing and for how long. The stages write it and the watchdog reads it, so that a hung stage is
/// detected even while all timers still run. All members are thread-safe.
/// </summary>
sealed class StageProgress(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly HashSet<Work> _inHand = [];

    /// <summary>Begins one piece of work of a stage. Disposing the returned object ends it.</summary>
    public IDisposable Enter(Stage stage)
    {
        Work work = new(this, stage, clock.GetTimestamp());
        lock (_gate)
            _inHand.Add(work);
        return work;
    }

    /// <summary>The work in progress. An empty list means that the service is idle, which is not a fault.</summary>
    public IReadOnlyList<WorkInHand> InHand()
    {
        lock (_gate)
            return [.. _inHand.Select(work => new WorkInHand(work.Stage, clock.GetElapsedTime(work.Since)))];
    }

    sealed class Work(StageProgress owner, Stage stage, long since) : IDisposable
    {
        public Stage Stage => stage;
        public long Since => since;

        public void Dispose()
        {
            lock (owner._gate)
                owner._inHand.Remove(this);
        }
    }
}

/// <param name="For">The time since the work began, by the monotonic clock.</param>
readonly record struct WorkInHand(Stage Stage, TimeSpan For);
