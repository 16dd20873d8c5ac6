namespace EdgeShelf.Publish.Requests;

/// <summary>A token bucket that allows a burst of requests and then one request per second. This type is thread-safe.</summary>
sealed class RequestLimiter(TimeProvider clock)
{
    public const int Burst = 10;
    public static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    double _tokens = Burst;
    long _at = clock.GetTimestamp();

    public bool TryEnter()
    {
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + clock.GetElapsedTime(_at, now) / Refill);
            _at = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }
}
