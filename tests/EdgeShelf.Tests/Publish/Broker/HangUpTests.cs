using System.Text.Json;
using EdgeShelf.Doctor;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Tests.Support;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>Brokers that end the connection on a packet they do not allow, as MQTT 3.1.1 has them do.</summary>
public sealed class HangUpTests
{
    const int Results = 61;
    const string Base = "edgeshelf/shelf-07";

    public static TheoryData<string, string, MqttProtocolVersion> EachChannel()
    {
        TheoryData<string, string, MqttProtocolVersion> each = [];
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V500, MqttProtocolVersion.V311 })
        {
            each.Add("requests", $"{Base}/request/", version);
            each.Add("home-assistant-status", "homeassistant/status", version);
            each.Add("availability", $"{Base}/availability", version);
            each.Add("state", $"{Base}/state", version);
            each.Add("shelf", $"{Base}/shelf", version);
            each.Add("discovery", "homeassistant/device/", version);
            each.Add("response", $"{Base}/response/", version);
            each.Add("image", $"{Base}/image", version);
            each.Add("evidence", $"{Base}/image/", version);
        }
        return each;
    }

    [Theory]
    [MemberData(nameof(EachChannel))]
    public async Task AllResultsArriveAndTheChannelIsNamedOnceInTheLogTheStateAndTheDoctor(string channel, string topic, MqttProtocolVersion version)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(version, asked => channel == "image" ? asked == topic : asked.StartsWith(topic, StringComparison.Ordinal));
        await using Publisher publisher = new(broker.Uri, options => options.Image = true);
        for (int i = 0; i < Results; i++)
            publisher.Capture();
        publisher.Start();
        await publisher.ConnectedAsync();
        publisher.CapturePicture();
        if (channel == "shelf")
            publisher.Bay.Set(SomeBay.Of(2), []);
        if (channel == "evidence")
            publisher.Events.ReportEvidence("1-02", PicturesOf.Scene());
        if (channel == "response")
            await broker.PublishAsync($"{Base}/request/status");

        await Wait.UntilAsync(() => broker.Results == Results + 1, TimeSpan.FromSeconds(20), $"all results; {broker.Results} came");
        await Wait.UntilAsync(() => LeftOut(publisher).Length > 0, TimeSpan.FromSeconds(20), "left out");
        await publisher.ConnectedAsync();
        Assert.Equal([channel], LeftOut(publisher));
        Assert.Single(publisher.Log.Lines, line => line.Contains($"The broker does not allow `{channel}`", StringComparison.Ordinal));
        Assert.Single(broker.HungUpOn);
        Assert.DoesNotContain(publisher.Log.Lines, line => line.Contains("name", StringComparison.Ordinal));
        Schemas.AssertValid("state", JsonSerializer.Serialize(publisher.State.Now(), ResultDocument.Json));

        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains(topic, finding.Found, StringComparison.Ordinal);
        Assert.Contains("Results arrive", finding.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task ABrokerThatTakesResultsAndEventsAloneGetsThemAllAndTheFirstComesFirst(MqttProtocolVersion version)
    {
        string[] allowed = [$"{Base}/result", $"{Base}/event"];
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(version, asked => !allowed.Contains(asked));
        await using Publisher publisher = new(broker.Uri, options => options.Image = true);
        for (int i = 0; i < Results; i++)
            publisher.Capture();
        publisher.Start();

        await publisher.ConnectedAsync();

        Assert.Equal($"{Base}/result", broker.Taken.First());
        await Wait.UntilAsync(() => broker.Results == Results, TimeSpan.FromSeconds(20), $"all results; {broker.Results} came");
        Assert.Equal(["requests", "home-assistant-status", "availability", "state", "discovery"], LeftOut(publisher));
        Assert.Equal(5, broker.HungUpOn.Count);
        // One line for each channel and one that it is connected: neither "no connection" nor a guess.
        Assert.Equal(5, publisher.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)));
        Assert.False(publisher.State.Now().Broker.NameConflictSince.HasValue);
    }

    [Theory]
    [InlineData("requests", $"{Base}/request/")]
    [InlineData("availability", $"{Base}/availability")]
    [InlineData("state", $"{Base}/state")]
    [InlineData("discovery", "homeassistant/device/")]
    public async Task AfterTenMinutesTheChannelIsTriedAgainAndNamedAgainOnlyWhenItIsAllowed(string channel, string topic)
    {
        bool isAllowed = false;
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V500, asked => !Volatile.Read(ref isAllowed) && asked.StartsWith(topic, StringComparison.Ordinal));
        await using Publisher publisher = new Publisher(broker.Uri).Start();
        await publisher.ConnectedAsync();
        Assert.Equal([channel], LeftOut(publisher));

        DateTimeOffset until = publisher.State.Now().Broker.LeftOut[0].Until;
        publisher.Clock.PutForward(LeftOutChannels.First);
        publisher.Status.Touch();
        // The broker hangs up before the device notices.
        await Wait.UntilAsync(() => broker.HungUpOn.Count == 2 && publisher.State.Now().Broker.LeftOut is [{ } left] && left.Until > until, TimeSpan.FromSeconds(20), "tried again");
        await publisher.ConnectedAsync();
        publisher.Clock.PutForward(LeftOutChannels.First);
        publisher.Capture();
        await Wait.UntilAsync(() => broker.Results == 1, TimeSpan.FromSeconds(20), "the result");
        Assert.Equal(2, broker.HungUpOn.Count);

        Volatile.Write(ref isAllowed, true);
        publisher.Clock.PutForward(LeftOutChannels.First);
        publisher.Status.Touch();
        await Wait.UntilAsync(() => LeftOut(publisher).Length == 0, TimeSpan.FromSeconds(20), "allowed");
        Assert.Single(publisher.Log.Lines, line => line.Contains($"does not allow `{channel}`", StringComparison.Ordinal));
        Assert.Single(publisher.Log.Lines, line => line.Contains($"The broker allows `{channel}` now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AResponseTopicThatTheBrokerDoesNotAllowIsReplacedByOurOwn()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V500, asked => asked == "secret/answers");
        await using Publisher publisher = new Publisher(broker.Uri).Start();
        await publisher.ConnectedAsync();
        await broker.PublishAsync($"{Base}/request/status", "secret/answers");
        await Wait.UntilAsync(() => LeftOut(publisher) is ["response-topic"], TimeSpan.FromSeconds(20), "left out");
        await publisher.ConnectedAsync();

        await broker.PublishAsync($"{Base}/request/status", "secret/answers");

        await Wait.UntilAsync(() => broker.Taken.Contains($"{Base}/response/status"), TimeSpan.FromSeconds(20), "the answer");
        Assert.Single(broker.HungUpOn);
    }

    /// <summary>MQTTnet then throws from the call itself, which once passed for a fault of ours, with a stack trace.</summary>
    [Fact]
    public async Task AConnectionThatEndsBetweenTwoPacketsIsAnOrdinaryLoss()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V500, _ => false);
        await using TcpRelay relay = TcpRelay.Start(broker.Port);
        BrokerConnector connector = new(
            new PublishOptions { Broker = relay.Uri }, new BrokerTls(new PublishOptions(), TimeProvider.System), "edgeshelf-x", new LastWill("x", "", false), TimeProvider.System);
        await using BrokerConnection connection = await connector.OpenAsync(withWill: true, _ => { }, TestContext.Current.CancellationToken);
        relay.Cut();
        await Wait.UntilAsync(() => connection.Lost.IsCancellationRequested);

        BrokerException problem = await Assert.ThrowsAsync<BrokerException>(() => connection.PingAsync(TestContext.Current.CancellationToken));
        Assert.True(problem.IsClosedByBroker);
        MqttApplicationMessage message = new MqttApplicationMessageBuilder().WithTopic("x").WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build();
        await Assert.ThrowsAsync<BrokerException>(() => connection.PublishAsync(message, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<BrokerException>(() => connection.SubscribeAsync(["x"], TestContext.Current.CancellationToken));
    }

    /// <summary>The connection must come about without the will, or no result would ever arrive.</summary>
    [Theory]
    [InlineData(MqttProtocolVersion.V500, true)]
    [InlineData(MqttProtocolVersion.V500, false)]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    public async Task ABrokerThatDoesNotAllowTheLastWillGetsTheResultsWithoutIt(MqttProtocolVersion version, bool hangsUp)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(version, _ => false);
        await using TcpRelay relay = TcpRelay.Start(broker.Port, connect => !HasWill(connect) ? null : hangsUp ? [] : version == MqttProtocolVersion.V500 ? [0x20, 3, 0, 0x87, 0] : [0x20, 2, 0, 5]);
        await using Publisher publisher = new Publisher(relay.Uri).Start();
        publisher.Capture();

        await publisher.ConnectedAsync();

        Assert.Equal(1, broker.Results);
        Assert.Equal(["availability"], LeftOut(publisher));
        Assert.DoesNotContain($"{Base}/availability", broker.Taken);
        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("the last will", finding.Found, StringComparison.Ordinal);
    }

    /// <summary>Of a CONNECT: after the length come the protocol's name in 6 bytes, its level, and the flags (MQTT 5.0, 3.1.2).</summary>
    static bool HasWill(byte[] connect) => (connect[1 + connect.AsSpan(1).IndexOfAnyInRange<byte>(0, 0x7f) + 1 + 7] & 0x04) != 0;

    static string[] LeftOut(Publisher publisher) => [.. publisher.State.Now().Broker.LeftOut.Select(left => left.Channel)];
}
