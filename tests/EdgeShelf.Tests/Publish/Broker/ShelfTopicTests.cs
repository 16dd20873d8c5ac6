using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>`…/shelf` and the pictures of slots at a real broker.</summary>
public sealed class ShelfTopicTests
{
    [Fact]
    public async Task ALateJoinerSeesTheShelfAndASubscriberSeesItsChanges()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new(broker);
        publisher.Bay.Set(SomeBay.Of(3), []);
        publisher.Start();
        await reader.UntilAsync(seen => seen.On("/shelf").Any(), "the shelf at the connection");

        publisher.Bay.Set(SomeBay.Of(3).LookedAt(SomeBay.Since.AddMinutes(1)), []);
        publisher.Bay.Set(SomeBay.Of(3, ("1-02", Verdict.Empty)), []);

        await reader.UntilAsync(seen => seen.On("/shelf").Last().Payload.Contains("\"empty\"", StringComparison.Ordinal), "the change");
        Assert.Equal(2, reader.On("/shelf").Count());
        Assert.All(reader.On("/shelf"), message => Schemas.AssertValid("shelf", message.Payload));
        using MosquittoSub late = await MosquittoSub.StartAsync(broker);
        await late.UntilAsync(seen => seen.On("/shelf").Any(), "retained");
        SeenMessage shelf = late.On("/shelf").Single();
        Assert.Equal((true, 1, "empty"), (shelf.Retained, shelf.Qos, shelf.Json.GetProperty("slots")[1].GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task WithoutSlotsAnymoreTheRetainedShelfIsTakenBackAndADeviceThatNeverHadSomePublishesNone()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new(broker);
        publisher.Bay.Set(SomeBay.Of(2), []);
        publisher.Start();
        await reader.UntilAsync(seen => seen.On("/shelf").Any(), "the shelf");

        publisher.Bay.Set(SomeBay.None, []);

        await reader.UntilAsync(seen => seen.On("/shelf").LastOrDefault()?.Payload == "", "taken back");
        await publisher.StopAsync();
        using MosquittoSub late = await MosquittoSub.StartAsync(broker);
        await using Publisher never = new Publisher(broker).Start();
        never.Bay.Set(SomeBay.None, []);
        never.Capture();
        await late.UntilAsync(seen => seen.On("/result").Any() && seen.On("/state").Any(message => !message.Retained), "what it does publish");
        Assert.Empty(late.On("/shelf"));
    }

    [Fact]
    public async Task APictureOfAChangedSlotIsPublishedOnceAndNotRetainedIfPicturesAreWanted()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, payload: "%x");
        await using Publisher publisher = new Publisher(broker, options => options.Image = true).Start();
        await publisher.ConnectedAsync();

        publisher.Events.ReportEvidence("1-02", new byte[] { 0xFF, 0xD8, 0x2A });

        await reader.UntilAsync(seen => seen.On("/image/1-02").Any(), "the picture");
        SeenMessage picture = Assert.Single(reader.On("/image/1-02"));
        Assert.Equal((false, 0, "ffd82a"), (picture.Retained, picture.Qos, picture.Payload));
    }

    [Fact]
    public async Task WithoutAskingForItAndFromBeforeTheConnectionNoPictureOfASlotLeavesTheDevice()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, payload: "%x");
        await using Publisher off = new Publisher(broker).Start();
        await off.ConnectedAsync();
        off.Events.ReportEvidence("1-01", new byte[] { 1 });
        Assert.False(off.Evidence.TryTake(out _));
        await off.StopAsync();
        await using Publisher late = new(broker, options => options.Image = true);
        late.Events.ReportEvidence("1-02", new byte[] { 2 });
        late.Start();
        await late.ConnectedAsync();

        late.Events.ReportEvidence("1-03", new byte[] { 3 });

        await reader.UntilAsync(seen => seen.On("/image/1-03").Any(), "the picture of this connection");
        Assert.Empty(reader.On("/image/1-01").Concat(reader.On("/image/1-02")));
    }
}
