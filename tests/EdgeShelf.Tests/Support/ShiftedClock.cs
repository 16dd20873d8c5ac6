namespace EdgeShelf.Tests.Support;

/// <summary>The real clock, put forward: time that a test does not wait for counts as passed, while timers run as they do.</summary>
sealed class ShiftedClock : TimeProvider
{
    long _shift;

    public void PutForward(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _shift);
}
