using System.Net;
using EdgeShelf.Doctor;
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
        int port = FreePort.Next();
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
        await publisher.ConnectedAsync();
        Assert.Contains(publisher.Log.Lines, line => line.Contains("MQTT 3.1.1", StringComparison.Ordinal));
        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Fine, finding.Severity);
        Assert.Contains("3.1.1", finding.Found, StringComparison.Ordinal);
        await broker.StopAsync();
    }

    /// <summary>As NATS does: a CONNACK of 3.1.1, with the code for a version that it does not know.</summary>
    [Fact]
    public async Task ABrokerThatRefusesVersion5InTheOlderFormIsSpokenToIn311AtOnce()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V311, _ => false);
        await using TcpRelay relay = TcpRelay.Start(broker.Port, connect => connect[1 + connect.AsSpan(1).IndexOfAnyInRange<byte>(0, 0x7f) + 1 + 6] == 5 ? [0x20, 2, 0, 1] : null);
        await using Publisher publisher = new Publisher(relay.Uri).Start();

        await publisher.ConnectedAsync();

        Assert.DoesNotContain(publisher.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }
}
