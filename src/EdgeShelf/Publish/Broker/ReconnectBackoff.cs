namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Computes the wait before the next attempt. It doubles from one second to thirty, minus a random part of up to a half, so that the
/// devices of a shop do not all connect at the same moment. Only a connection that lasted resets it.
/// </summary>
sealed class ReconnectBackoff(TimeProvider clock, Func<double> random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The time after which a connection resets the wait. One that breaks sooner counts as another failure, because it may break in the same way each time.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    int _failures;
    long _attemptAt = clock.GetTimestamp();
    long? _connectedAt;

    public void Attempting() => _attemptAt = clock.GetTimestamp();

    public void Connected() => _connectedAt = clock.GetTimestamp();

    /// <summary>Returns the wait after an attempt that failed or a connection that broke. The duration of the attempt counts as part of the wait.</summary>
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
