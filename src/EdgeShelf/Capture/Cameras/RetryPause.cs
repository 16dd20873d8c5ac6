using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Keeps a device that fails again and again from being asked at each trigger: a network camera locks out who sends wrong passwords, and one that starts
/// up needs its time. The first failures cost no pause; then it doubles. Only one caller may use it at a time.
/// </summary>
sealed class RetryPause(TimeProvider clock)
{
    /// <summary>The failures in a row after which the pauses begin.</summary>
    public const int Free = 3;

    public static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    int _failures;
    long _lastAt;
    CaptureException? _last;

    /// <exception cref="CaptureException">The last failure again, and when the next attempt is made.</exception>
    public void ThrowIfTooEarly()
    {
        if (_last is not { } last || Left is not { } left || left <= TimeSpan.Zero)
            return;
        throw new CaptureException(last.Code, $"{last.Message.TrimEnd('.')}; it is asked again in {Duration.Text(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))}.", last.Hint, last);
    }

    public void Failed(CaptureException problem)
    {
        _failures++;
        (_last, _lastAt) = (problem, clock.GetTimestamp());
    }

    public void Succeeded() => (_failures, _last) = (0, null);

    TimeSpan? Left
    {
        get
        {
            if (_failures < Free)
                return null;
            TimeSpan pause = First * Math.Pow(2, Math.Min(_failures - Free, 10));
            return (pause < Longest ? pause : Longest) - clock.GetElapsedTime(_lastAt);
        }
    }
}
