namespace EdgeShelf.Platform;

/// <summary>
/// Limits a log line that strangers can cause: the first is written at once, and then at most one a minute, with the number of times since
/// the line before. This type is thread-safe.
/// </summary>
/// <param name="write">Writes the line. The argument is the number of times.</param>
sealed class CountedLine(TimeProvider clock, Action<int> write) : IDisposable
{
    public static readonly TimeSpan WrittenEvery = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    ITimer? _next;
    int _unwritten;

    public void Count()
    {
        lock (_lock)
        {
            _unwritten++;
            if (_next is null)
                Write();
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _next?.Dispose();
    }

    void Write()
    {
        write(_unwritten);
        _unwritten = 0;
        _next = clock.CreateTimer(_ => MinuteIsOver(), null, WrittenEvery, Timeout.InfiniteTimeSpan);
    }

    void MinuteIsOver()
    {
        lock (_lock)
        {
            _next?.Dispose();
            _next = null;
            if (_unwritten > 0)
                Write();
        }
    }
}
