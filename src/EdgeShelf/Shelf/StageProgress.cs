namespace EdgeShelf.Shelf;

/// <summary>
/// What each stage has in hand and for how long. The stages report to it and the watchdog reads it, so that a hung stage
/// is seen although every timer still ticks. Safe from any thread.
/// </summary>
sealed class StageProgress(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly HashSet<Work> _inHand = [];

    /// <summary>A stage begins one piece of work; disposing the answer ends it.</summary>
    public IDisposable Enter(Stage stage)
    {
        Work work = new(this, stage, clock.GetTimestamp());
        lock (_gate)
            _inHand.Add(work);
        return work;
    }

    /// <summary>Nothing in hand means idle, which is fine.</summary>
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

/// <param name="For">How long the stage has been at it, by the monotonic clock.</param>
readonly record struct WorkInHand(Stage Stage, TimeSpan For);
