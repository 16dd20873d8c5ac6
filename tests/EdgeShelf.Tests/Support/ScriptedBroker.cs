using System.Collections.Concurrent;
using System.Net;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeShelf.Tests.Support;

/// <summary>A broker that hangs up on the topics a test names, with MQTT 5 or with nothing newer than 3.1.1. It is MQTTnet's server.</summary>
sealed class ScriptedBroker : IAsyncDisposable
{
    readonly MqttServer _server;

    ScriptedBroker(int port) => (Port, _server) = (port, new MqttServerFactory().CreateMqttServer(
        new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).Build()));

    public int Port { get; }
    public string Uri => $"mqtt://127.0.0.1:{Port}";

    /// <summary>Topics that were published and taken, in order.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    public ConcurrentQueue<string> HungUpOn { get; } = new();

    /// <summary>The filters that were subscribed to, with their quality of service.</summary>
    public ConcurrentQueue<(string Topic, int Qos)> Subscriptions { get; } = new();

    /// <summary>Client ids in the order of their connections.</summary>
    public ConcurrentQueue<string> Connections { get; } = new();

    public int Results => Taken.Count(topic => topic.EndsWith("/result", StringComparison.Ordinal));

    /// <param name="hangsUpOn">Judges topics and topic filters.</param>
    public static async Task<ScriptedBroker> StartAsync(MqttProtocolVersion version, Func<string, bool> hangsUpOn)
    {
        ScriptedBroker broker = new(FreePort.Next());
        broker._server.ValidatingConnectionAsync += asks =>
        {
            broker.Connections.Enqueue(asks.ClientId);
            if (version == MqttProtocolVersion.V311 && asks.ProtocolVersion == MqttProtocolVersion.V500)
                asks.ReasonCode = MqttConnectReasonCode.UnsupportedProtocolVersion;
            return Task.CompletedTask;
        };
        broker._server.InterceptingPublishAsync += publish =>
        {
            string topic = publish.ApplicationMessage.Topic;
            publish.CloseConnection = hangsUpOn(topic);
            publish.ProcessPublish = !publish.CloseConnection;
            // The last will of a connection that it ended itself.
            if (publish.CloseConnection && publish.ApplicationMessage.ConvertPayloadToString() == "offline")
                return Task.CompletedTask;
            (publish.CloseConnection ? broker.HungUpOn : broker.Taken).Enqueue(topic);
            return Task.CompletedTask;
        };
        broker._server.InterceptingSubscriptionAsync += subscribe =>
        {
            broker.Subscriptions.Enqueue((subscribe.TopicFilter.Topic, (int)subscribe.TopicFilter.QualityOfServiceLevel));
            if (hangsUpOn(subscribe.TopicFilter.Topic))
            {
                broker.HungUpOn.Enqueue(subscribe.TopicFilter.Topic);
                subscribe.CloseConnection = true;
                subscribe.ProcessSubscription = false;
            }
            return Task.CompletedTask;
        };
        await broker._server.StartAsync();
        return broker;
    }

    /// <summary>As a backend asks.</summary>
    public Task PublishAsync(string topic, string? responseTopic = null) => _server.InjectApplicationMessage(
        new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload("").WithResponseTopic(responseTopic).Build()) { SenderClientId = "backend" },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
    }
}
