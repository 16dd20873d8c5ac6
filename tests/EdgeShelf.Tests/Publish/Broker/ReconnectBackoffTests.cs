using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class ReconnectBackoffTests
{
    readonly FakeTimeProvider _clock = new();

    [Fact]
    public void DelaysDoubleUpToHalfAMinute()
    {
        ReconnectBackoff backoff = new(_clock, () => 0);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], Enumerable.Range(0, 8).Select(_ => Failed(backoff)));
    }

    [Fact]
    public void ChanceTakesUpToAHalfOff()
    {
        ReconnectBackoff backoff = new(_clock, () => 1);
        Assert.Equal([0.5, 1, 2, 4, 8, 15, 15], Enumerable.Range(0, 7).Select(_ => Failed(backoff)));
    }

    [Fact]
    public void AConnectionThatLastedStartsItOverAndOneThatBrokeAtOnceDoesNot()
    {
        ReconnectBackoff backoff = new(_clock, () => 0);
        for (int i = 0; i < 4; i++)
            Failed(backoff);
        backoff.Attempting();
        backoff.Connected();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(16, backoff.NextDelay().TotalSeconds);

        backoff.Attempting();
        backoff.Connected();
        _clock.Advance(ReconnectBackoff.Lasting);
        Assert.Equal(1, backoff.NextDelay().TotalSeconds);
    }

    /// <summary>So that ten seconds of an attempt and the wait after it stay within the promised 35 s.</summary>
    [Fact]
    public void TheTimeOfTheAttemptItselfCountsAsWaited()
    {
        ReconnectBackoff backoff = new(_clock, () => 0);
        for (int i = 0; i < 6; i++)
            Failed(backoff);
        backoff.Attempting();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(20, backoff.NextDelay().TotalSeconds);
    }

    static double Failed(ReconnectBackoff backoff)
    {
        backoff.Attempting();
        return backoff.NextDelay().TotalSeconds;
    }
}
