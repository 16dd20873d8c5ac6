using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using EdgeShelf.Fleet.Documents;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Tests.Support;

/// <summary>Devices that take the documents of their groups as the product does, and report it in the product's own document. Nothing is downloaded.</summary>
sealed class PlayedFleet : IAsyncDisposable
{
    readonly Mosquitto _broker;

    PlayedFleet(Mosquitto broker, IEnumerable<(string Name, string Group)> devices)
    {
        _broker = broker;
        Devices = [.. devices.Select(device => new PlayedDevice(this, device.Name, device.Group))];
    }

    public IReadOnlyList<PlayedDevice> Devices { get; }

    public PlayedDevice this[string name] => Devices.Single(device => device.Name == name);

    /// <summary>Which versions are refused.</summary>
    public Func<int, bool> Refuses { get; set; } = _ => false;

    /// <summary>Whether devices only say that they have seen a document.</summary>
    public bool Hesitates { get; set; }

    public static async Task<PlayedFleet> StartAsync(Mosquitto broker, params (string Name, string Group)[] devices)
    {
        PlayedFleet fleet = new(broker, devices);
        await fleet.ReconnectAsync();
        return fleet;
    }

    public async Task ReconnectAsync()
    {
        foreach (PlayedDevice device in Devices)
            await device.ConnectAsync(_broker.Port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PlayedDevice device in Devices)
            await device.DisposeAsync();
    }
}

sealed class PlayedDevice(PlayedFleet fleet, string name, string group) : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _seen = new();
    IMqttClient? _client;

    public string Name => name;

    /// <summary>The documents that arrived, each once.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    public ReportedDocument Reported { get; private set; } = new() { Device = name, Group = group, Status = FleetStatus.None, Software = "0.1.0", At = DateTimeOffset.UnixEpoch };

    public async Task ConnectAsync(int port)
    {
        _client?.Dispose();
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += received => TakeAsync(received.ApplicationMessage);
        await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(name)
            .WithWillTopic($"edgeshelf/{name}/availability").WithWillPayload("offline").WithWillRetain().Build());
        await PublishAsync("availability", "online"u8.ToArray());
        await ReportAsync(reported => reported);
        await _client.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic($"edgeshelf/_group/{group}/desired").WithAtLeastOnceQoS().Build());
    }

    public async Task ReportAsync(Func<ReportedDocument, ReportedDocument> change)
    {
        Reported = change(Reported);
        await PublishAsync("reported", Reported.ToJson());
    }

    /// <summary>Ends the hesitation.</summary>
    public Task DecideAsync() => ReportAsync(reported => reported with { Status = FleetStatus.Applied, Step = null });

    public async Task LeaveAsync()
    {
        await PublishAsync("availability", "offline"u8.ToArray());
        await _client!.DisconnectAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task TakeAsync(MqttApplicationMessage message)
    {
        byte[] payload = message.Payload.ToArray();
        if (DesiredDocument.Read(payload).Version is not { } version || version <= Reported.DesiredVersion)
            return;
        _seen.Enqueue(Encoding.UTF8.GetString(payload));
        bool isRefused = fleet.Refuses(version);
        await ReportAsync(reported => reported with
        {
            DesiredVersion = version,
            DesiredFrom = "group",
            Status = isRefused ? FleetStatus.Refused : fleet.Hesitates ? FleetStatus.Pending : FleetStatus.Applied,
            Step = fleet.Hesitates ? FleetStep.Downloading : null,
            Problems = isRefused ? [new FleetProblem("bad-setting", "It is refused.")] : [],
        });
    }

    Task PublishAsync(string topic, byte[] payload) => _client!.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"edgeshelf/{name}/{topic}").WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
}
