using EdgeShelf.Capture.Cameras;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture.Triggers;

/// <summary>The time between two pictures of the timer, as it is now: a request may change it until the next start.</summary>
sealed class CaptureInterval(IOptions<CaptureOptions> options)
{
    /// <summary>A request cannot ask for more pictures than a device can take for years.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = CaptureOptionsValidator.LongestInterval;

    long _ticks = options.Value is { Camera: CameraKinds.Folder, Folder.Watch: true } ? 0 : options.Value.Interval.Ticks;

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
