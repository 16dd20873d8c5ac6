using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Tests.Support;
using MQTTnet.Formatter;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What passes between a real broker and the fleet.</summary>
public sealed class FleetLinkTests
{
    const string Own = "edgeshelf/shelf-07/desired";

    static readonly string Group = DeviceTopics.DesiredOfGroup("canary");

    static Publisher Publisher(Mosquitto broker)
    {
        Publisher publisher = new(broker);
        publisher.Fleet.Topics = [Own, Group];
        publisher.Fleet.MaxBytes = 1000;
        return publisher;
    }

    [Fact]
    public async Task WhatTheBrokerRetainsComesWithTheSubscriptionAndWhatIsPublishedComesLater()
    {
        using Mosquitto broker = Mosquitto.Start();
        MosquittoPub.Publish(broker, Group, "for all", retain: true);
        await using Publisher publisher = Publisher(broker).Start();
        FleetArrivals arrivals = publisher.Fleet.Take();
        Dictionary<string, byte[]> latest = [];
        await UntilAsync(() => arrivals.Seen?.Count == 1, "the retained one");
        Assert.Equal("for all"u8.ToArray(), latest[Group]);
        Assert.Equal([Group], arrivals.Seen!);

        MosquittoPub.Publish(broker, Own, new string('x', 2000), retain: true);
        await UntilAsync(() => latest.ContainsKey(Own), "one of its own");
        Assert.Equal(1001, latest[Own].Length);
        MosquittoPub.Publish(broker, Own, "", retain: true);
        await UntilAsync(() => latest[Own].Length == 0, "its removal");

        Task UntilAsync(Func<bool> condition, string what) => Wait.UntilAsync(
            () =>
            {
                arrivals = publisher.Fleet.Take();
                foreach ((string topic, byte[] payload) in arrivals.Latest)
                    latest[topic] = payload;
                return condition();
            }, TimeSpan.FromSeconds(20), what);
    }

    /// <summary>The renewed subscription brings a document that was lost on an open connection. It does not interrupt what the fleet does.</summary>
    [Fact]
    public async Task TheSubscriptionIsRenewedAfterAWhileAndBringsWhatIsRetained()
    {
        using Mosquitto broker = Mosquitto.Start();
        MosquittoPub.Publish(broker, Group, "for all", retain: true);
        await using Publisher publisher = Publisher(broker).Start();
        await Wait.UntilAsync(() => publisher.Fleet.Take().Seen?.Count == 1, TimeSpan.FromSeconds(20), "the retained one");
        Assert.Empty(publisher.Fleet.Take().Latest);

        publisher.Clock.PutForward(2 * FleetLink.RenewAfter);
        publisher.Fleet.Report = "wakes the sender"u8.ToArray();

        FleetArrivals arrivals = publisher.Fleet.Take();
        await Wait.UntilAsync(() => (arrivals = publisher.Fleet.Take()).Latest.Count == 1, TimeSpan.FromSeconds(40), "the same again");
        Assert.Equal("for all"u8.ToArray(), arrivals.Latest[Group]);
        Assert.Equal(1, arrivals.Subscriptions);
    }

    [Fact]
    public async Task DocumentsAreSubscribedToWithQualityOfService0AndRequestsWith1()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V500, _ => false);
        await using Publisher publisher = new(broker.Uri);
        publisher.Fleet.Topics = [Own, Group];
        publisher.Start();
        await publisher.ConnectedAsync();

        Assert.Equal([(Own, 0), (Group, 0)], broker.Subscriptions.Where(subscription => subscription.Topic is Own || subscription.Topic == Group));
        Assert.Contains(("edgeshelf/shelf-07/request/+", 1), broker.Subscriptions);
    }

    [Fact]
    public async Task TheReportIsRetainedAndSentAgainOnlyWhenItChanges()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "edgeshelf/+/reported");
        await using Publisher publisher = Publisher(broker).Start();
        await publisher.ConnectedAsync();
        publisher.Fleet.Report = "one"u8.ToArray();
        await reader.UntilAsync(seen => seen.On("/reported").Count() == 1, "the first");
        publisher.Fleet.Report = "two"u8.ToArray();
        await reader.UntilAsync(seen => seen.On("/reported").Count() == 2, "the second");
        using MosquittoSub late = await MosquittoSub.StartAsync(broker, "edgeshelf/+/reported");
        await late.UntilAsync(seen => seen.On("/reported").Any(), "what is retained");
        Assert.Equal(["two"], late.On("/reported").Select(message => message.Payload));
    }

    [Fact]
    public async Task WithoutAFleetNothingIsSubscribed()
    {
        using Mosquitto broker = Mosquitto.Start();
        MosquittoPub.Publish(broker, Own, "a wish", retain: true);
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        Assert.Null(publisher.Fleet.Take().Seen);
        Assert.Empty(publisher.Fleet.Take().Latest);
    }
}
