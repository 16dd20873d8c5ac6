using System.Net;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class OlderBrokerTests
{
    static readonly BrokerException HungUp = new("hung up", "", isClosedByBroker: true, isClosedOnConnect: true);
    static readonly BrokerException Refused = new("refused", "", isVersionRefused: true);
    static readonly BrokerException NotThere = new("nothing listens", "");

    [Fact]
    public void ABrokerThatRefusesVersion5IsAskedFor311UntilTheConnectionIsLost()
    {
        ProtocolVersionChoice choice = new();
        choice.Failed(Refused);
        Assert.Equal(MqttProtocolVersion.V311, choice.Next);
        Assert.False(choice.IsDoubtful);

        choice.Failed(NotThere);
        choice.Failed(HungUp);
        Assert.Equal(MqttProtocolVersion.V311, choice.Next);
        choice.StartOver();
        Assert.Equal(MqttProtocolVersion.V500, choice.Next);
    }

    [Fact]
    public void ABrokerThatHungUpWhileItStartedIsSpokenToInVersion5()
    {
        ProtocolVersionChoice choice = new();
        choice.Failed(HungUp);
        Assert.True(choice.IsDoubtful);

        choice.AskAgain();

        Assert.Equal(MqttProtocolVersion.V500, choice.Next);
    }

    [Fact]
    public void ABrokerThatHangsUpOnVersion5AlsoTheSecondTimeHasNone()
    {
        ProtocolVersionChoice choice = new();
        choice.Failed(HungUp);
        choice.AskAgain();
        choice.Failed(HungUp);

        Assert.Equal(MqttProtocolVersion.V311, choice.Next);
        Assert.False(choice.IsDoubtful);
    }

    [Fact]
    public void WhileABrokerHangsUpOnEverythingBothVersionsAreTriedInTurn()
    {
        ProtocolVersionChoice choice = new();
        choice.Failed(HungUp);
        choice.Failed(HungUp);

        Assert.Equal(MqttProtocolVersion.V500, choice.Next);
    }

    /// <summary>mosquitto 2 speaks both; this broker is MQTTnet's, told to refuse MQTT 5.</summary>
    [Fact]
    public async Task ABrokerThatOnlySpeaks311IsSpokenToIn311()
    {
        int port = Mosquitto.FreePort();
        using MqttServer broker = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).Build());
        broker.ValidatingConnectionAsync += asks =>
        {
            if (asks.ProtocolVersion == MqttProtocolVersion.V500)
                asks.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
            return Task.CompletedTask;
        };
        await broker.StartAsync();
        await using Publisher publisher = new Publisher($"mqtt://127.0.0.1:{port}").Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), $"delivered; {publisher.Status.Now.BrokerProblem}");
        Assert.Contains(publisher.Log.Lines, line => line.Contains("MQTT 3.1.1", StringComparison.Ordinal));
        await broker.StopAsync();
    }
}
