using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The real program, a real broker, and a subscriber that is not our code.</summary>
public sealed class ServiceAgainstMosquittoTests
{
    /// <summary>MQTTnet#374: messages were gone when the process was restarted while the broker was away.</summary>
    [Fact]
    public async Task WhatWasTakenWhileTheBrokerWasOffArrivesAfterAKillNineInOrderWithTheSameIds()
    {
        using TemporaryFolder state = new();
        // A broker that is killed forgets what it has not saved, the reader's subscription among it.
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\npersistence true\npersistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1", started: true);
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, session: "backend");
        broker.Kill();
        string[] committed;
        using (EdgeShelfProcess first = Start(state, broker))
        {
            await Wait.UntilAsync(() => Waiting(state) >= 20, TimeSpan.FromMinutes(2), $"20 captures; {first.Output} {first.Errors}");
            first.KillNine();
            using OutboxInspector outbox = OutboxInspector.Open(state.Path);
            committed = [.. outbox.Waiting(20).Select(entry => JsonDocument.Parse(entry.Payload).RootElement.GetProperty("id").GetString()!)];
        }

        using EdgeShelfProcess second = Start(state, broker);
        broker.Start();
        await reader.UntilAsync(seen => seen.Seqs().Count >= 20, "20 results", seconds: 90);

        Assert.Equal(20, committed.Length);
        Assert.Equal(committed, reader.On("/result").Take(20).Select(message => message.Json.GetProperty("id").GetString()));
        Assert.All(reader.On("/result").Take(20), message => Assert.True(message.Json.GetProperty("replayed").GetBoolean()));
        Assert.All(reader.On("/result"), message => Schemas.AssertValid("result", message.Payload));
    }

    /// <summary>home-assistant/core#6705: a dead device must not look alive.</summary>
    [Fact]
    public async Task AfterAKillNineTheLastWillSaysOfflineAndAfterAStopTheServiceItself()
    {
        using TemporaryFolder state = new();
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        using (EdgeShelfProcess service = Start(state, broker))
        {
            await reader.UntilAsync(seen => seen.On("/availability").LastOrDefault()?.Payload == "online" && seen.Seqs().Count > 0, "online and a result", seconds: 90);
            service.KillNine();
        }
        await reader.UntilAsync(seen => seen.On("/availability").Last().Payload == "offline", "offline after kill -9");

        using EdgeShelfProcess again = Start(state, broker);
        await reader.UntilAsync(seen => seen.On("/availability").Last().Payload == "online", "online again", seconds: 90);
        Assert.Equal(0, again.Terminate());
        await reader.UntilAsync(seen => seen.On("/availability").Last().Payload == "offline", "offline after a stop");
        Assert.DoesNotContain(again.Output, "ERR", StringComparison.Ordinal);
        Assert.All(reader.On("/state"), message => Schemas.AssertValid("state", message.Payload));
    }

    /// <summary>Nobody is at the shelf to choose another: what waits must leave, and an answer with its model's name beats none.</summary>
    [Fact]
    public async Task WhenTheChosenModelWasDamagedTheOneBeforeAnswersAndAnEventSaysWhy()
    {
        using TemporaryFolder state = new();
        string tiny = Path.Combine(TinyModel.WriteTo(state.File("models")), TinyModel.Name);
        using (EdgeShelfProcess use = EdgeShelfProcess.Start(state.Path, "model", "use", TinyModel.Name))
            Assert.Equal(0, use.WaitForExit());
        File.AppendAllText(Path.Combine(tiny, ModelManifest.LabelsFileName), "rubbish");
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);

        using EdgeShelfProcess service = Start(state, broker);
        await reader.UntilAsync(seen => seen.On("/result").Any() && seen.On("/event").Any(), "a result and an event", seconds: 60);

        Assert.Equal("grocery-81", reader.On("/result").First().Json.GetProperty("model").GetProperty("name").GetString());
        JsonElement refused = reader.On("/event").First().Json;
        Assert.Equal("model-refused", refused.GetProperty("type").GetString());
        Assert.Contains("tiny", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("grocery-81", refused.GetProperty("data").GetProperty("in_use").GetProperty("name").GetString());
        Assert.Contains("ERR", service.Output, StringComparison.Ordinal);
    }

    /// <summary>A result that waited through an outage is as old as the outage, on a device whose clock may be wrong.</summary>
    [Fact]
    public async Task TheFirstStateAfterAnOutageHasTheTrueAgeOfTheResult()
    {
        TimeSpan outage = TimeSpan.FromSeconds(6);
        using TemporaryFolder state = new();
        using Mosquitto broker = Mosquitto.Start(started: false);
        using EdgeShelfProcess service = Start(state, broker, interval: "01:00:00");
        await Wait.UntilAsync(() => Waiting(state) >= 1, TimeSpan.FromMinutes(1), $"a result; {service.Output} {service.Errors}");
        long committedBefore = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(() => TimeProvider.System.GetElapsedTime(committedBefore) > outage, "the outage");

        broker.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await reader.UntilAsync(seen => seen.On("/state").Any(), "the first state", seconds: 60);

        JsonElement first = reader.On("/state").First().Json;
        Assert.Equal(1, first.GetProperty("last_result").GetProperty("seq").GetInt64());
        Assert.True(first.GetProperty("last_result_age_s").GetDouble() >= outage.TotalSeconds, first.GetRawText());
    }

    static EdgeShelfProcess Start(TemporaryFolder state, Mosquitto broker, string interval = "00:00:00.2") => EdgeShelfProcess.Start(
        state.Path, "run",
        "--set", "Capture:Camera=folder",
        "--set", $"Capture:Folder:Path={Path.Combine(AppContext.BaseDirectory, "samples")}",
        "--set", $"Capture:Interval={interval}",
        "--set", "Publish:Device=shelf-07",
        "--set", "Publish:KeepAlive=00:00:05",
        "--set", $"Publish:Broker={broker.Uri}");

    static long Waiting(TemporaryFolder state)
    {
        try
        {
            using OutboxInspector outbox = OutboxInspector.Open(state.Path);
            return outbox.Counter("messages");
        }
        catch (OutboxException)
        {
            return 0;
        }
    }

    /// <summary>nucleus#1714: booted without a network, and never recovered.</summary>
    [Fact]
    public async Task WhenTheBrokersNameResolvesAtLastTheResultsArrive()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && ProgramsOnPath.Find("unshare") is not null, "a hosts file of its own needs root and unshare.");
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        using TemporaryFolder state = new();
        string hosts = state.Write("hosts", "127.0.0.1 localhost\n");
        TinyModel.WriteTo(state.File("models"));
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(state.File("pictures")).FullName, "a.jpg"), PicturesOf.Scene());
        using EdgeShelfProcess service = EdgeShelfProcess.StartBy(
            state.Path, "unshare", "--mount", "sh", "-c", $"mount --bind {hosts} /etc/hosts && exec \"$@\"", "sh",
            EdgeShelfProcess.Program, "run", "--set", $"Capture:Folder:Path={state.File("pictures")}", "--set", "Capture:Interval=00:00:01", "--set", "Models:Name=tiny",
            "--set", $"Publish:Broker=mqtt://shop-broker.test:{broker.Port}", "--set", "Publish:Device=late", "--set", "Web:Enabled=false");
        await Wait.UntilAsync(() => service.Output.Contains("does not resolve", StringComparison.Ordinal) && service.Output.Contains(" INF #3 ", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "told");

        // Written in place: the file that is mounted must stay the same.
        File.AppendAllText(hosts, "127.0.0.1 shop-broker.test\n");

        await reader.UntilAsync(seen => seen.Seqs().Contains(3), "all results", seconds: 40);
        Assert.Equal([1, 2, 3], reader.Seqs().Take(3));
    }
}
