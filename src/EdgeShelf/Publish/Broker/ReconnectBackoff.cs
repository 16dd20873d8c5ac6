namespace EdgeShelf.Publish.Broker;

/// <summary>
/// How long to wait before the next attempt: doubling from one second to thirty, minus up to a half by chance, so that the
/// devices of a shop do not all come back in the same moment. Only a connection that lasted starts it over.
/// </summary>
sealed class ReconnectBackoff(TimeProvider clock, Func<double> random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A connection that broke sooner counts as one more failure: something tears it down each time.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    int _failures;
    long _attemptAt = clock.GetTimestamp();
    long? _connectedAt;

    public void Attempting() => _attemptAt = clock.GetTimestamp();

    public void Connected() => _connectedAt = clock.GetTimestamp();

    /// <summary>After an attempt that failed or a connection that broke. The time the attempt itself took counts as waited.</summary>
    public TimeSpan NextDelay()
    {
        bool lasted = _connectedAt is { } since && clock.GetElapsedTime(since) >= Lasting;
        TimeSpan spent = _connectedAt is null ? clock.GetElapsedTime(_attemptAt) : TimeSpan.Zero;
        _connectedAt = null;
        _failures = lasted ? 0 : _failures;
        TimeSpan full = TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Min(_failures, 10), Longest.Ticks));
        _failures++;
        TimeSpan rest = full * (1 - random() / 2) - spent;
        return rest > First / 2 ? rest : First / 2;
    }
}
