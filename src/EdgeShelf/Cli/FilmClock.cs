namespace EdgeShelf.Cli;

/// <summary>The time in a film of pictures, which goes on by the same step from each picture to the next.</summary>
sealed class FilmClock : TimeProvider
{
    long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks);

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan step) => _ticks += step.Ticks;
}
