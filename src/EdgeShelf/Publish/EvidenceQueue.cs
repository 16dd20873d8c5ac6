using System.Diagnostics.CodeAnalysis;

namespace EdgeShelf.Publish;

/// <summary>
/// The pictures of changed slots on their way to `…/image/…`. They are only for viewing: they stay in memory, the oldest is dropped if there
/// are too many, and none is kept for a later connection. All members are thread-safe.
/// </summary>
sealed class EvidenceQueue
{
    /// <summary>The maximum number of pictures that wait. At 20 kB each they take about a megabyte.</summary>
    public const int Capacity = 50;

    readonly Lock _gate = new();
    readonly Queue<Evidence> _waiting = new();

    /// <summary>Raised after a picture was added, on the thread that added it. Handlers must only send a signal.</summary>
    public event Action? Added;

    public void Add(string slot, ReadOnlyMemory<byte> jpeg)
    {
        lock (_gate)
        {
            if (_waiting.Count == Capacity)
                _waiting.Dequeue();
            _waiting.Enqueue(new Evidence(slot, jpeg));
        }
        Added?.Invoke();
    }

    public bool TryTake([NotNullWhen(true)] out Evidence? evidence)
    {
        lock (_gate)
            return _waiting.TryDequeue(out evidence);
    }

    /// <summary>Forgets what waits. Call this at each connection, because an old picture would look like a current one.</summary>
    public void Clear()
    {
        lock (_gate)
            _waiting.Clear();
    }
}

/// <param name="Jpeg">The encoded picture of the slot.</param>
sealed record Evidence(string Slot, ReadOnlyMemory<byte> Jpeg);
