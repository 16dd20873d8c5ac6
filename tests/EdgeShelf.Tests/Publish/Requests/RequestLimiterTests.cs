using EdgeShelf.Publish.Requests;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Publish.Requests;

public sealed class RequestLimiterTests
{
    [Fact]
    public void ABurstIsLetThroughThenOneASecond()
    {
        FakeTimeProvider clock = new();
        RequestLimiter limiter = new(clock);
        for (int i = 0; i < RequestLimiter.Burst; i++)
            Assert.True(limiter.TryEnter());
        Assert.False(limiter.TryEnter());

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(limiter.TryEnter());
        Assert.False(limiter.TryEnter());
    }

    /// <summary>Requests come from many threads at once, and tokens were counted without a lock.</summary>
    [Fact]
    public void HoweverManyAskAtOnceNoMoreThanTheBurstGetIn()
    {
        for (int round = 0; round < 200; round++)
        {
            RequestLimiter limiter = new(new FakeTimeProvider());
            int entered = 0;
            Parallel.For(0, 64, _ =>
            {
                if (limiter.TryEnter())
                    Interlocked.Increment(ref entered);
            });
            Assert.Equal(RequestLimiter.Burst, entered);
        }
    }
}
