namespace EdgeShelf.Capture.Triggers;

/// <summary>The current interval between pictures of the timer. A request can change it until the next start.</summary>
/// <param name="configured">The configured interval. Zero means that there is no timer.</param>
sealed class CaptureInterval(TimeSpan configured)
{
    /// <summary>The shortest interval that a request can set. A device can sustain it for years.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = CaptureOptionsValidator.LongestInterval;

    long _ticks = configured.Ticks;

    /// <summary>Raised after each change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>The current interval. Zero means that there is no timer.</summary>
    public TimeSpan Current => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>Changes the interval. Returns false if the timer is off by configuration or the value is outside the range.</summary>
    public bool TryChange(TimeSpan wanted)
    {
        if (Current == TimeSpan.Zero || wanted < Shortest || wanted > Longest)
            return false;
        Interlocked.Exchange(ref _ticks, wanted.Ticks);
        Changed?.Invoke();
        return true;
    }
}
