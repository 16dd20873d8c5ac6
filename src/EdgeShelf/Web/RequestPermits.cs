namespace EdgeShelf.Web;

/// <summary>Bounds how many requests may be under way at the same time; the next one is refused, not kept waiting.</summary>
sealed class RequestPermits(int count)
{
    int _free = count;

    public int Count { get; } = count;

    /// <returns>A permit to dispose of when the request has ended, or null when all are taken.</returns>
    public IDisposable? TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
            return new Permit(this);
        Interlocked.Increment(ref _free);
        return null;
    }

    sealed class Permit(RequestPermits owner) : IDisposable
    {
        int _taken = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _taken, 0) == 1)
                Interlocked.Increment(ref owner._free);
        }
    }
}
