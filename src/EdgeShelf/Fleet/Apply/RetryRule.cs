namespace EdgeShelf.Fleet.Apply;

/// <summary>When a document is tried again: after a minute, then twice as long each time, up to an hour, or later if the server asks for it.</summary>
sealed class RetryRule(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The number of times that a file with wrong content is downloaded: a server may be in the middle of replacing it.</summary>
    public const int MaxWrongFiles = 3;

    /// <summary>The number of downloads that may end without coming further than before. With the waits in between they take about 19 hours.</summary>
    public const int MaxStalls = 24;

    long _since;
    TimeSpan _wait;
    TimeSpan _next = First;

    /// <summary>The number of files with wrong content so far.</summary>
    public int WrongFiles { get; private set; }

    /// <summary>The number of downloads so far that came no further than those before.</summary>
    public int Stalls { get; private set; }

    public bool IsDue => _wait == TimeSpan.Zero || clock.GetElapsedTime(_since) >= _wait;

    /// <returns>The time until the next attempt.</returns>
    public TimeSpan Failed(TimeSpan? retryAfter = null)
    {
        _since = clock.GetTimestamp();
        _wait = retryAfter > _next ? retryAfter.Value : _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return _wait;
    }

    /// <returns>Whether the file may be downloaded again.</returns>
    public bool WasWrongFile() => ++WrongFiles < MaxWrongFiles;

    /// <returns>Whether the download may be tried again.</returns>
    public bool MayStallAgain() => ++Stalls < MaxStalls;

    public void StartOver() => (_wait, _next, WrongFiles, Stalls) = (TimeSpan.Zero, First, 0, 0);
}
