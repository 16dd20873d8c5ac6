using System.Text.Json;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Tests.Support;
using MQTTnet.Formatter;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>Two devices with one client id take the connection from each other. Both say so, and neither fills the log.</summary>
public sealed class TwoDevicesOfOneNameTests
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(75);

    [Fact]
    public async Task WithMqtt5BothAreToldByTheBrokerAndTheBackendCanTellThemApart()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher first = new Publisher(broker).Start();
        await first.ConnectedAsync();
        await using Publisher second = new Publisher(broker).Start();

        await AssertBothNoticeAsync(first, second);

        await reader.UntilAsync(seen => Conflicts(seen).Select(conflict => conflict.GetProperty("installation").GetString()).Distinct().Count() == 2, "both events", seconds: 60);
        Assert.All(Conflicts(reader), conflict => Assert.True(conflict.GetProperty("data").GetProperty("ongoing").GetBoolean()));
        Assert.All(reader.On("/event"), message => Schemas.AssertValid("event", message.Payload));
        Assert.Contains(reader.On("/state"), message => message.Json.GetProperty("broker").GetProperty("name_conflict_since").ValueKind == JsonValueKind.String);
        Assert.All(reader.On("/state"), message => Schemas.AssertValid("state", message.Payload));
    }

    [Fact]
    public async Task WhenTheOtherDeviceIsGoneTheLogTheStateAndAnEventSaySo()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher first = new Publisher(broker).Start();
        await first.ConnectedAsync();
        await using (Publisher second = new Publisher(broker).Start())
            await Wait.UntilAsync(() => first.State.Now().Broker.NameConflictSince is not null, Within, "noticed");
        await Wait.UntilAsync(() => first.Status.Now.BrokerConnected, Within, "connected again");

        first.Clock.PutForward(NameConflict.Over);
        first.Status.Touch();

        await reader.UntilAsync(seen => Conflicts(seen).Any(conflict => !conflict.GetProperty("data").GetProperty("ongoing").GetBoolean()), "the end");
        Assert.Null(first.State.Now().Broker.NameConflictSince);
        Assert.Single(first.Log.Lines, line => line.Contains("No other device uses this device's name any more", StringComparison.Ordinal));
        Assert.All(reader.On("/event"), message => Schemas.AssertValid("event", message.Payload));
    }

    /// <summary>MQTT 3.1.1 has no reason for it: the connection ends, and that is all.</summary>
    [Fact]
    public async Task WithMqtt311BothNoticeByTheirShortConnections()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V311, _ => false);
        await using Publisher first = new Publisher(broker.Uri).Start();
        await first.ConnectedAsync();
        await using Publisher second = new Publisher(broker.Uri).Start();

        await AssertBothNoticeAsync(first, second);
    }

    static async Task AssertBothNoticeAsync(params Publisher[] both)
    {
        await Wait.UntilAsync(() => both.All(one => one.State.Now().Broker.NameConflictSince is not null), Within, "both notice");
        Assert.All(both, one => Assert.Single(one.Log.Lines, line => line.Contains("under this device's name, and each takes the connection", StringComparison.Ordinal)));
        Assert.All(both, one => Assert.Contains("Next attempt in 30 s", one.Log.Lines.Last(line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal));
    }

    static List<JsonElement> Conflicts(MosquittoSub reader) =>
        [.. reader.On("/event").Select(message => message.Json).Where(message => message.GetProperty("type").GetString() == EventTypes.NameConflict)];
}
