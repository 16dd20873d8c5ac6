using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

public sealed class LinkTests
{
    /// <summary>MQTTnet#1642: a publish without a receipt never returned.</summary>
    [Fact]
    public async Task WithoutReceiptsNothingHangsAndTheMessageComesAgainUnderItsId()
    {
        using Mosquitto broker = Mosquitto.Start();
        using FaultyLink link = new(broker.Port);
        await using Publisher publisher = new Publisher($"mqtt://127.0.0.1:{link.Port}").Start();
        await publisher.ConnectedAsync();
        link.LosesReceipts = true;
        CommittedResult result = publisher.Capture();

        await Wait.UntilAsync(() => !publisher.Status.Now.BrokerConnected, publisher.Options.KeepAlive * 1.5, "noticed");
        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("does not answer", StringComparison.Ordinal)), publisher.Options.KeepAlive * 1.5, "told");
        Assert.Equal(1, publisher.Outbox.Depth.Messages);
        link.LosesReceipts = false;

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(35), "delivered");
        Assert.True(link.Ledger.SentInOrder.Count > 1, "sent again");
        Assert.Equal(result.Id, Assert.Single(link.Ledger.SentInOrder.Select(message => message.Id).Distinct()));
        Assert.Empty(link.Ledger.Problems([1], _ => true));
    }

    /// <summary>MQTTnet#2248: "connected" for 17 hours on a link that lost everything.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALinkThatLosesEveryPacketIsNoticedAndWhenItIsMendedAllArrives(bool whilePublishing)
    {
        using NetworkNamespace network = NetworkNamespace.Create();
        using Mosquitto broker = Mosquitto.Start(network: network);
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();

        network.LosePackets();
        if (whilePublishing)
            publisher.Capture();
        await Wait.UntilAsync(() => !publisher.Status.Now.BrokerConnected, publisher.Options.KeepAlive * 1.5, "noticed");
        publisher.Capture();
        network.Mend();

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(35), $"delivered; {publisher.Status.Now.BrokerProblem}");
    }
}
