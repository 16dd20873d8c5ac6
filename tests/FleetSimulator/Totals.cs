namespace FleetSimulator;

/// <summary>What happened in all devices together. All members are thread-safe.</summary>
sealed class Totals
{
    long _made, _confirmed, _sentAgain, _connections, _faults;
    int _online;

    public long Made => Interlocked.Read(ref _made);
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>The messages that were sent again because no confirmation came: each may arrive twice.</summary>
    public long SentAgain => Interlocked.Read(ref _sentAgain);
    public long Connections => Interlocked.Read(ref _connections);
    public long Faults => Interlocked.Read(ref _faults);
    public int Online => Volatile.Read(ref _online);
    public long Waiting => Made - Confirmed;

    public void Make() => Interlocked.Increment(ref _made);

    public void Confirm() => Interlocked.Increment(ref _confirmed);

    public void SendAgain() => Interlocked.Increment(ref _sentAgain);

    public void Connect()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _online);
    }

    public void Disconnect() => Interlocked.Decrement(ref _online);

    public void Fault() => Interlocked.Increment(ref _faults);
}
