namespace EdgeShelf.Web;

/// <summary>Requests that may be under way at the same time; the next one is refused, not kept waiting. Dispose of a slot to give it back.</summary>
class RequestSlots(int slots)
{
    int _free = slots;

    public int Count { get; } = slots;

    /// <returns>Null when all are taken.</returns>
    public IDisposable? TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
            return new Slot(this);
        Interlocked.Increment(ref _free);
        return null;
    }

    sealed class Slot(RequestSlots owner) : IDisposable
    {
        int _taken = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _taken, 0) == 1)
                Interlocked.Increment(ref owner._free);
        }
    }
}

/// <summary>Uploads: one is being classified, the others wait with their pictures in memory.</summary>
sealed class UploadSlots() : RequestSlots(8);

/// <summary>`POST /api/capture`: few, so that the timer always finds room in the queue.</summary>
sealed class CaptureSlots() : RequestSlots(2);
