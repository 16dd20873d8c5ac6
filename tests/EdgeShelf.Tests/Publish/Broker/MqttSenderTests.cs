using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class MqttSenderTests
{
    [Fact]
    public async Task ASubscriberThatIsNotOurCodeGetsEachResultInOrder()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        for (int i = 0; i < 20; i++)
            publisher.Capture();

        await reader.UntilAsync(seen => seen.Seqs().Count == 20, "20 results");

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), reader.Seqs());
        SeenMessage first = reader.On("/result").First();
        Assert.Equal((1, false), (first.Qos, first.Retained));
        Assert.Equal("shelf-07-1", first.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task WhenTheBrokerIsDownResultsAreKeptAndSentAsReplayed()
    {
        // A broker that is killed forgets what it has not saved, the reader's subscription among it.
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\npersistence true\npersistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1");
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, session: "backend");
        broker.Kill();
        await using Publisher publisher = new(broker);
        for (int i = 0; i < 5; i++)
            publisher.Capture();
        byte[] committed = publisher.Outbox.Peek()!.Payload;
        publisher.Outbox.Dispose();
        // As after a restart: an earlier run of the process made them.
        await using Publisher again = new(broker, folder: publisher.Folder);
        again.Start();
        broker.Start();

        await Wait.UntilAsync(() => again.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(40), "all sent");
        again.Capture();
        await reader.UntilAsync(seen => seen.Seqs().Contains(6), "the sixth");

        Assert.Equal([1, 2, 3, 4, 5, 6], reader.Seqs());
        Assert.Equal([true, true, true, true, true, false], reader.On("/result").Select(message => message.Json.GetProperty("replayed").GetBoolean()));
        Assert.Equal(
            System.Text.Encoding.UTF8.GetString(committed).Replace("\"replayed\":false", "\"replayed\":true", StringComparison.Ordinal), reader.On("/result").First().Payload);
    }

    [Fact]
    public async Task AvailabilityFollowsConnectStopAndDeath()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        await reader.UntilAsync(seen => seen.On("/availability").Any(message => message.Payload == "online"), "online");

        await publisher.StopAsync();
        await reader.UntilAsync(seen => seen.On("/availability").LastOrDefault()?.Payload == "offline", "offline after a stop");

        using MosquittoSub late = await MosquittoSub.StartAsync(broker);
        await late.UntilAsync(seen => seen.On("/availability").Any(message => message is { Retained: true, Payload: "offline" }), "retained");

        // Death: the connection ends without a word from the device.
        await using TcpRelay relay = TcpRelay.Start(broker.Port);
        await using Publisher mortal = new Publisher(relay.Uri).Start();
        await late.UntilAsync(seen => seen.On("/availability").Last().Payload == "online", "online again");
        relay.Cut();
        await late.UntilAsync(seen => seen.On("/availability").Last().Payload == "offline", "offline after death");
    }

    [Fact]
    public async Task ALateJoinerSeesTheLatestResultItsAgeAndTheHealth()
    {
        using Mosquitto broker = Mosquitto.Start();
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        publisher.Capture("Kiwi");
        publisher.Status.CaptureFailed(DevicePart.Camera, "camera-timeout", "The camera hangs.");
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(10), "sent");

        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await reader.UntilAsync(seen => seen.On("/state").Any(message => message.Json.GetProperty("camera").GetProperty("state").GetString() == "failing"), "the state");

        JsonElement state = reader.On("/state").Last().Json;
        Assert.Equal("Kiwi", state.GetProperty("last_result").GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
        Assert.True(state.GetProperty("last_result_age_s").GetDouble() >= 0);
        Assert.Equal("camera-timeout", state.GetProperty("camera").GetProperty("code").GetString());
    }

    /// <summary>MQTTnet#2244: the client stays "connected" to a broker that answers nothing.</summary>
    [Fact]
    public async Task AFrozenBrokerIsNoticedWithinOneAndAHalfKeepAlivesAlsoWhilePublishing()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, session: "backend");
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Capture();
        await reader.UntilAsync(seen => seen.Seqs().Count == 1, "the first");

        broker.Freeze();
        long frozenAt = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 10; i++)
            publisher.Capture();
        await Wait.UntilAsync(() => !publisher.Status.Now.BrokerConnected, publisher.Options.KeepAlive * 1.5, "noticed");
        // The status is set before the line is logged.
        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("does not answer", StringComparison.Ordinal)));
        broker.Thaw();

        await reader.UntilAsync(seen => seen.Seqs().Distinct().Count() == 11, "all");
        Assert.Equal(Enumerable.Range(1, 11).Select(i => (long)i), reader.Seqs().Distinct());
    }

    [Fact]
    public async Task AFrozenBrokerIsNoticedAlsoWhenThereIsNothingToPublish()
    {
        using Mosquitto broker = Mosquitto.Start();
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();

        broker.Freeze();

        await Wait.UntilAsync(() => !publisher.Status.Now.BrokerConnected, publisher.Options.KeepAlive * 1.5, "noticed");
    }

    /// <summary>MQTTnet#1198, nucleus#852: a refusal is no success, and one poison message does not block the rest.</summary>
    [Fact]
    public async Task WhatTheBrokerRefusesIsSetAsideAndTheQueueGoesOn()
    {
        using Mosquitto broker = Mosquitto.Start("""
            allow_anonymous true
            acl_file {folder}/acl
            """, started: false);
        File.WriteAllText(Path.Combine(broker.Folder, "acl"), "topic readwrite probe/#\ntopic readwrite edgeshelf/shelf-07/event\ntopic readwrite edgeshelf/shelf-07/state\ntopic readwrite edgeshelf/shelf-07/availability\n");
        broker.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Capture();
        publisher.Outbox.AppendEvent(EventTypes.CameraBack, "The camera is back.");

        await reader.UntilAsync(seen => seen.On("/event").Any(message => message.Json.GetProperty("type").GetString() == EventTypes.MessagesRefused), "the telling");
        Assert.Equal(1, publisher.Outbox.Depth.Refused);
        Assert.Equal(0, publisher.Outbox.Depth.Messages);
    }

    /// <summary>aws-iot-device-sdk-js-v2#535: an oversize message was queued again for ever.</summary>
    [Fact]
    public async Task AMessageTooLargeForTheBrokerIsSetAsideAndTheQueueGoesOn()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmax_packet_size 10000");
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Outbox.AppendEvent("large", "x", new JsonObject { ["text"] = new string('x', 20_000) });
        publisher.Capture();

        await reader.UntilAsync(seen => seen.Seqs().SequenceEqual([2]), "the result behind it");
        Assert.Equal(1, publisher.Outbox.Depth.Refused);
    }

    /// <summary>An SD card that fails: the backend hears of it, over one connection, and what comes after is not lost.</summary>
    [Fact]
    public async Task WhereTheDiskFailsTheStateSaysSoOverTheSameConnection()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 1);
        volume.Fill();
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker, options => options.MinFreeBytes = 0, volume.Path).Start();
        OutboxException problem = Assert.Throws<OutboxException>(() => publisher.Capture());
        publisher.Status.CaptureFailed(DevicePart.Storage, problem.Code, problem.Message);

        await reader.UntilAsync(seen => seen.On("/state").Any(state => state.Json.GetProperty("failures").GetInt32() > 0), "the trouble");
        Assert.All(reader.On("/state"), state => Assert.NotNull(state.Json.GetProperty("outbox").GetProperty("problem").GetString()));
        Assert.All(reader.On("/state"), state => Schemas.AssertValid("state", state.Payload));

        volume.Free();
        CommittedResult kept = publisher.Capture();
        await reader.UntilAsync(seen => seen.Seqs().Contains(kept.Seq), "the first result", seconds: 30);
        await reader.UntilAsync(seen => seen.On("/state").Last().Json.GetProperty("outbox").GetProperty("problem").ValueKind == JsonValueKind.Null, "all well");
        Assert.Equal("online", Assert.Single(reader.On("/availability")).Payload);
    }

    /// <summary>mosquitto#1537.</summary>
    [Fact]
    public async Task ThatNobodySubscribedIsCountedAndShown()
    {
        using Mosquitto broker = Mosquitto.Start();
        await using Publisher publisher = new Publisher(broker).Start();
        publisher.Capture();
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), "sent");
        publisher.Status.CaptureFailed(DevicePart.Camera, "camera-timeout", "Only to have a new state.");

        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await reader.UntilAsync(seen => seen.On("/state").Any(message => message.Json.GetProperty("outbox").GetProperty("nobody_subscribed").GetInt64() == 1), "counted");
    }

    /// <summary>frigate#6270.</summary>
    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task ARetainedRequestIsIgnored(string version)
    {
        using Mosquitto broker = Mosquitto.Start();
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "", retain: true);
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "now", retain: true);
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, version: version == "5" ? "5" : "311");
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", """{"transaction":"live"}""");

        await reader.UntilAsync(seen => seen.On("/response/status").Any(), "an answer");
        Assert.Equal("live", Assert.Single(reader.On("/response/status")).Json.GetProperty("transaction").GetString());
    }

    [Fact]
    public async Task ARequestForACaptureIsAnsweredWithTheDocument()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/capture", """{"transaction":17}""");
        await foreach (CaptureRequest request in publisher.Captures.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(Trigger.Request, request.Trigger);
            request.Outcome.SetResult(publisher.Capture());
            break;
        }

        await reader.UntilAsync(seen => seen.On("/response/capture").Any(), "an answer");
        JsonElement answer = reader.On("/response/capture").Single().Json;
        Assert.Equal(("ok", 17), (answer.GetProperty("status").GetString(), answer.GetProperty("transaction").GetInt32()));
        Assert.Equal("shelf-07-1", answer.GetProperty("data").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("dance", "", "unknown-command")]
    [InlineData("status", "{ broken", "bad-request")]
    [InlineData("status", "[1]", "bad-request")]
    public async Task ABadRequestGetsAnErrorResponse(string command, string payload, string code)
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        MosquittoPub.Publish(broker, $"edgeshelf/shelf-07/request/{command}", payload);

        await reader.UntilAsync(seen => seen.On($"/response/{command}").Any(), "an answer");
        JsonElement answer = reader.On($"/response/{command}").Single().Json;
        Assert.Equal(("error", code), (answer.GetProperty("status").GetString(), answer.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task AResponseTopicAndCorrelationDataAreHonouredAndTooManyRequestsDropped()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "#");
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "", more: ["-V", "5", "-D", "publish", "response-topic", "backend/answers", "-D", "publish", "correlation-data", "abc"]);
        // Its own request topic would make it ask itself for ever.
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "", more: ["-V", "5", "-D", "publish", "response-topic", "edgeshelf/shelf-07/request/status"]);
        await reader.UntilAsync(seen => seen.On("backend/answers").Any() && seen.On("/response/status").Any(), "both answers");

        for (int i = 0; i < RequestLimiter.Burst + 5; i++)
            MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "");
        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("requests were dropped", StringComparison.Ordinal)));
    }

    /// <summary>nucleus#1714.</summary>
    [Fact]
    public async Task ABrokerWhoseNameDoesNotResolveIsToldAndTriedAgain()
    {
        await using Publisher publisher = new Publisher("mqtt://no-such-broker.invalid").Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("Next attempt in", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "told");
        Assert.Contains("name", publisher.Status.Now.BrokerProblem!, StringComparison.Ordinal);
        Assert.Equal(1, publisher.Outbox.Depth.Messages);
    }
}
