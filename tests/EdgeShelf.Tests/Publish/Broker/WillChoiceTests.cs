using EdgeShelf.Publish.Broker;
using MQTTnet;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class WillChoiceTests
{
    static readonly BrokerException NotAuthorized = new("not authorized", "", refusedWith: MqttClientConnectResultCode.NotAuthorized);
    static readonly BrokerException HungUp = new("hung up", "", isClosedByBroker: true, isClosedOnConnect: true);

    readonly WillChoice _will = new();

    [Fact]
    public void ABrokerThatRefusesAsNotAuthorizedIsAskedWithoutTheWillAndOnceMoreWithIt()
    {
        _will.Failed(NotAuthorized);
        Assert.True(_will is { IsLeftOut: true, IsDoubtful: true });

        _will.AskAgain();
        Assert.False(_will.IsLeftOut);
        _will.Failed(NotAuthorized);

        Assert.True(_will is { IsLeftOut: true, IsDoubtful: false });
    }

    [Fact]
    public void ABrokerThatHangsUpIsAskedInBothVersionsOfMqttWithTheWillAndThenWithout()
    {
        List<bool> leftOut = [_will.IsLeftOut];
        for (int i = 0; i < 4; i++)
        {
            _will.Failed(HungUp);
            leftOut.Add(_will.IsLeftOut);
        }

        Assert.Equal([false, false, true, true, false], leftOut);
    }

    [Fact]
    public void ABrokerThatIsAwayIsNoReasonToLeaveOutTheWill()
    {
        for (int i = 0; i < 10; i++)
            _will.Failed(new BrokerException("nothing listens", ""));

        Assert.False(_will.IsLeftOut);
    }
}
