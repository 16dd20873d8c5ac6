namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Decides how long a camera's program runs on after a picture. Its pictures cost processor time while nobody asks for them, so it ends when the next
/// one is probably far away. Only one caller may use it at a time.
/// </summary>
/// <param name="stopAfter">The longest time without a picture; zero means that the program always runs on.</param>
sealed class WarmTime(TimeSpan stopAfter, TimeProvider clock)
{
    /// <summary>The time after a picture that came long after the one before: enough for the early look that follows a change.</summary>
    public static readonly TimeSpan Brief = TimeSpan.FromSeconds(6);

    long? _last;

    /// <summary>Takes note of a picture. Returns how long the program runs on, or null if it does not end.</summary>
    public TimeSpan? AfterPicture()
    {
        if (stopAfter == TimeSpan.Zero)
            return null;
        long now = clock.GetTimestamp();
        bool isFarFromLast = _last is { } last && clock.GetElapsedTime(last, now) > stopAfter;
        _last = now;
        return isFarFromLast && Brief < stopAfter ? Brief : stopAfter;
    }
}
