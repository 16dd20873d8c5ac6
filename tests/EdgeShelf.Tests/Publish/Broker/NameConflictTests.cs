using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class NameConflictTests
{
    static readonly BrokerException TakenOver = new("taken over", "", isSessionTakenOver: true, isExplained: true);
    static readonly BrokerException HungUp = new("hung up", "", isClosedByBroker: true);
    static readonly BrokerException Explained = new("not authorized", "", isClosedByBroker: true, isExplained: true);
    static readonly TimeSpan Soon = ReconnectBackoff.Longest;

    readonly NameConflict _conflict = new(new FakeTimeProvider());

    [Fact]
    public void ItBeginsAtOnceWhereTheBrokerSaysSoAndBeginsOnce()
    {
        Assert.True(_conflict.Lost(TakenOver, TimeSpan.FromDays(1)));
        Assert.True(_conflict.IsOn);
        Assert.False(_conflict.Lost(TakenOver, Soon));
    }

    [Fact]
    public void WithoutAReasonItTakesThreeShortConnectionsInARow()
    {
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => _conflict.Lost(HungUp, Soon)).ToArray());
    }

    [Fact]
    public void AConnectionThatLastedBreaksTheRow()
    {
        _conflict.Lost(HungUp, Soon);
        _conflict.Lost(HungUp, Soon);
        _conflict.Lost(HungUp, TimeSpan.FromHours(1));

        Assert.False(_conflict.Lost(HungUp, Soon));
    }

    [Fact]
    public void AStatedReasonIsNoSign()
    {
        Assert.DoesNotContain(true, Enumerable.Range(0, 10).Select(_ => _conflict.Lost(Explained, Soon)).ToArray());
        Assert.False(_conflict.IsOn);
    }

    [Fact]
    public void ItEndsWithAConnectionThatNobodyTakesForThreeMinutes()
    {
        _conflict.Lost(TakenOver, Soon);
        Assert.False(_conflict.Stands(TimeSpan.FromMinutes(2)));
        Assert.True(_conflict.IsOn);

        Assert.True(_conflict.Stands(TimeSpan.FromMinutes(3)));

        Assert.False(_conflict.IsOn);
        Assert.False(_conflict.Stands(TimeSpan.FromMinutes(3)));
    }
}
