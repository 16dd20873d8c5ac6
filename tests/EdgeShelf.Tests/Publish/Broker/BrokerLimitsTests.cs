using EdgeShelf.Doctor;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>What a broker announces in its CONNACK is used.</summary>
public sealed class BrokerLimitsTests
{
    [Fact]
    public async Task ABrokerWithoutRetainedMessagesGetsAllButTheFlag()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nretain_available false");
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Capture();

        await reader.UntilAsync(seen => seen.Seqs().Count == 1 && seen.On("/state").Any() && seen.On("/availability").Any(), "result, state and availability");
        await publisher.ConnectedAsync();
        Assert.Single(publisher.Log.Lines, line => line.Contains("keeps no retained messages", StringComparison.Ordinal));
        Assert.Contains("keeps no retained messages", Assert.Single(publisher.State.Now().Broker.Limits), StringComparison.Ordinal);
        Assert.Empty(publisher.State.Now().Broker.LeftOut);
        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Fine, finding.Severity);
        Assert.Contains("keeps no retained messages", finding.Found, StringComparison.Ordinal);

        publisher.Status.Touch();
        broker.Kill();
        await Wait.UntilAsync(() => !publisher.Status.Now.BrokerConnected, "lost");
        broker.Start();
        await publisher.ConnectedAsync();
        Assert.Single(publisher.Log.Lines, line => line.Contains("keeps no retained messages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABrokerThatConfirmsNothingIsAProblemAndResultsWait()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmax_qos 0");
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("Results need QoS 1", StringComparison.Ordinal)), "told");
        Assert.Equal(1, publisher.Outbox.Depth.Messages);
        EdgeShelf.Publish.Broker.BrokerException problem = await Assert.ThrowsAsync<EdgeShelf.Publish.Broker.BrokerException>(
            () => new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("QoS 1", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeepAliveOfTheBrokersIsShownAndHeld()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmax_keepalive 10");
        await using Publisher publisher = new Publisher(broker, options => options.KeepAlive = TimeSpan.FromMinutes(1)).Start();
        await publisher.ConnectedAsync();

        Assert.Contains("The broker sets the keep-alive to 10 s.", publisher.State.Now().Broker.Limits);
        // Past one and a half of the broker's.
        Assert.False(await Wait.TryUntilAsync(() => !publisher.Status.Now.BrokerConnected, TimeSpan.FromSeconds(17)));
    }

    /// <summary>mosquitto 2 with an access list answers in MQTT 5, and hides it in 3.1.1.</summary>
    [Fact]
    public async Task AnAccessListThatOnlyLetsTheRecordThroughGetsItAllAndTheRestIsNamedOnce()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nacl_file {folder}/acl", started: false);
        File.WriteAllText(Path.Combine(broker.Folder, "acl"), "topic readwrite probe/#\ntopic readwrite edgeshelf/shelf-07/event\ntopic readwrite edgeshelf/shelf-07/result\n");
        broker.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new(broker, options => options.Heartbeat = TimeSpan.FromSeconds(5));
        for (int i = 0; i < 61; i++)
            publisher.Capture();
        publisher.Start();

        await reader.UntilAsync(seen => seen.Seqs().Count == 61, "all results");
        await publisher.ConnectedAsync();
        string[] leftOut = [.. publisher.State.Now().Broker.LeftOut.Select(left => left.Channel)];
        Assert.Superset(new HashSet<string> { "availability", "state", "discovery" }, leftOut.ToHashSet());
        Assert.All(leftOut, channel => Assert.Single(publisher.Log.Lines, line => line.Contains($"The broker does not allow `{channel}`", StringComparison.Ordinal)));
        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("availability (edgeshelf/shelf-07/availability): NotAuthorized", finding.Found, StringComparison.Ordinal);
    }
}
