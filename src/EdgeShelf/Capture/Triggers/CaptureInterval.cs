namespace EdgeShelf.Capture.Triggers;

/// <summary>The interval between two pictures of the timer that is in force: a request may change it until the next start.</summary>
/// <param name="configured">Zero: there is no timer.</param>
sealed class CaptureInterval(TimeSpan configured)
{
    /// <summary>A request cannot ask for more pictures than a device can take for years.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = CaptureOptionsValidator.LongestInterval;

    long _ticks = configured.Ticks;

    /// <summary>Raised after each change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>Zero while there is no timer.</summary>
    public TimeSpan Current => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>False when the timer is off by configuration, or the value is outside the range.</summary>
    public bool TryChange(TimeSpan wanted)
    {
        if (Current == TimeSpan.Zero || wanted < Shortest || wanted > Longest)
            return false;
        Interlocked.Exchange(ref _ticks, wanted.Ticks);
        Changed?.Invoke();
        return true;
    }
}
