namespace EdgeShelf.Recognition;

/// <summary>
/// Lets one holder in at a time. Who enters by <see cref="Enter"/> goes before all who wait in <see cref="EnterAsync"/>, however
/// long they have waited, so it waits for one holder at most. Dispose of the holder to leave.
/// </summary>
sealed class PriorityGate
{
    readonly Lock _lock = new();
    readonly Queue<TaskCompletionSource> _urgent = new();
    readonly Queue<TaskCompletionSource> _patient = new();
    bool _held;

    /// <summary>Blocks until it is free.</summary>
    public Holder Enter()
    {
        Join(_urgent)?.Task.GetAwaiter().GetResult();
        return new Holder(this);
    }

    /// <summary>First come, first served, among those who came this way.</summary>
    public async Task<Holder> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Join(_patient) is { } turn)
        {
            // A turn that is given away in the same moment is taken, not lost: only one of the two sets the outcome.
            using CancellationTokenRegistration giveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }
        return new Holder(this);
    }

    /// <returns>Null when the gate was free and is now the caller's.</returns>
    TaskCompletionSource? Join(Queue<TaskCompletionSource> queue)
    {
        lock (_lock)
        {
            if (!_held)
            {
                _held = true;
                return null;
            }
            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(turn);
            return turn;
        }
    }

    void Leave()
    {
        lock (_lock)
        {
            while (_urgent.TryDequeue(out TaskCompletionSource? next) || _patient.TryDequeue(out next))
            {
                if (next.TrySetResult())
                    return;
            }
            _held = false;
        }
    }

    public struct Holder(PriorityGate gate) : IDisposable
    {
        PriorityGate? _gate = gate;

        public void Dispose()
        {
            _gate?.Leave();
            _gate = null;
        }
    }
}
