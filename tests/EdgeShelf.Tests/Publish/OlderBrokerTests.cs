using System.Net;
using EdgeShelf.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeShelf.Tests.Publish;

public sealed class OlderBrokerTests
{
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
