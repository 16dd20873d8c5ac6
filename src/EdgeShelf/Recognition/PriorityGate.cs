namespace EdgeShelf.Recognition;

/// <summary>
/// A lock with two priorities. A caller of <see cref="Enter"/> precedes all callers that wait in <see cref="EnterAsync"/>, so it waits
/// for at most one holder. Dispose the holder to release the lock.
/// </summary>
sealed class PriorityGate
{
    readonly Lock _lock = new();
    readonly Queue<TaskCompletionSource> _urgent = new();
    readonly Queue<TaskCompletionSource> _patient = new();
    bool _held;

    /// <summary>Blocks until the gate is free.</summary>
    public Holder Enter()
    {
        Join(_urgent)?.Task.GetAwaiter().GetResult();
        return new Holder(this);
    }

    /// <summary>Waits until the gate is free. Callers of this method enter in the order in which they called it.</summary>
    public async Task<Holder> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Join(_patient) is { } turn)
        {
            // If the turn is granted while the caller cancels, it is not lost, because only one of the two sets the outcome.
            using CancellationTokenRegistration giveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }
        return new Holder(this);
    }

    /// <returns>Null if the gate was free; the caller then holds it.</returns>
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
