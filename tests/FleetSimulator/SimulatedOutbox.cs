using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Outbox;

namespace FleetSimulator;

/// <summary>
/// Keeps messages in order until the broker has confirmed them, one after the other, as the product's outbox does. It is in memory, because thousands of
/// databases on one disk would measure that disk; it survives a simulated reboot as a disk does. There are no caps.
/// </summary>
sealed class SimulatedOutbox(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly Queue<(string Topic, byte[] Payload, long MadeAt)> _waiting = new();
    readonly WakeSignal _arrived = new(clock);
    bool _isSent;

    /// <summary>The number of the newest message.</summary>
    public long Seq { get; private set; }

    /// <param name="topic">The topic below the device's base topic.</param>
    /// <param name="make">Makes the payload of a number.</param>
    public void Append(string topic, Func<long, byte[]> make)
    {
        lock (_gate)
        {
            Seq++;
            _waiting.Enqueue((topic, make(Seq), clock.GetTimestamp()));
        }
        _arrived.Set();
    }

    /// <summary>Waits for a message, and returns the oldest.</summary>
    /// <returns>What to publish, and whether it was sent before.</returns>
    public async Task<(string Topic, byte[] Payload, bool IsSentAgain)> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.TryPeek(out (string Topic, byte[] Payload, long MadeAt) oldest))
                {
                    bool wasSent = _isSent;
                    _isSent = true;
                    bool waitedLong = clock.GetElapsedTime(oldest.MadeAt) > DurableOutbox.FreshFor;
                    return (oldest.Topic, waitedLong ? ReplayedFlag.Set(oldest.Payload) : oldest.Payload, wasSent);
                }
            }
            await _arrived.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }
    }

    /// <summary>Removes the oldest message, which the broker has.</summary>
    public void Delivered()
    {
        lock (_gate)
        {
            _waiting.Dequeue();
            _isSent = false;
        }
    }
}
