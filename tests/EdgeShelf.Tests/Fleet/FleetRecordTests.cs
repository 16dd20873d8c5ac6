using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;
using MQTTnet.Formatter;

namespace EdgeShelf.Tests.Fleet;

/// <summary>scripts/samples/fleet and tests/FleetSimulator together: simulated devices, real brokers, the loader, and real PostgreSQL.</summary>
public sealed class FleetRecordTests : IDisposable
{
    const string Persistent = "allow_anonymous true\npersistence true\npersistence_location {folder}/\nautosave_interval 1\nmax_inflight_messages 2000\nmax_queued_messages 100000";

    static readonly TimeSpan Within = TimeSpan.FromSeconds(120);

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();

    public void Dispose()
    {
        _programs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WithFaultsAndARestartOfMosquittoEachMessageIsStoredOnce()
    {
        using PostgreSql database = Tables();
        using Mosquitto broker = Mosquitto.Start(Persistent);

        await EachIsStoredOnceAsync(database, broker.Uri, broker.Port, null, () =>
        {
            broker.Stop();
            broker.Start();
        });

        Assert.Equal("store0001|store0002|store0003|store0004", database.Query("SELECT string_agg(DISTINCT store, '|' ORDER BY store) FROM availability_by_hour"));
        Assert.Equal("t", database.Query("SELECT bool_and(availability BETWEEN 0 AND 1 AND looks > 0) FROM availability_by_hour"));
        Assert.Equal("shop-0001|1|24", database.Query("SELECT model, version, devices FROM models_by_version"));
        Assert.Equal("t", database.Query("SELECT count(*) > 0 AND bool_and(empty_for > interval '0') FROM restocked"));
    }

    [Fact]
    public async Task WithFaultsAndARestartOfNatsServerEachMessageIsStoredOnce()
    {
        using PostgreSql database = Tables();
        using Nats broker = Nats.Start();

        await EachIsStoredOnceAsync(database, broker.Uri, broker.Port, "3.1.1", () =>
        {
            broker.Stop();
            broker.Start();
        });
    }

    [Fact]
    public async Task ARolloutOverMosquittoStopsAtTheCanaryWithABadModel()
    {
        using Mosquitto broker = Mosquitto.Start();
        await ARolloutStopsAtTheCanaryAsync(broker.Uri);
    }

    [Fact]
    public async Task ARolloutOverNatsServerStopsAtTheCanaryWithABadModel()
    {
        using Nats broker = Nats.Start();
        await ARolloutStopsAtTheCanaryAsync(broker.Uri);
    }

    async Task ARolloutStopsAtTheCanaryAsync(string broker)
    {
        StartSimulator(broker, "--devices", "12", "--per-store", "4", "--canaries", "2", "--interval", "5s");
        await Wait.UntilAsync(() => _programs.Text.Contains("online 12", StringComparison.Ordinal), Within, "all devices");

        Assert.Equal(ExitCodes.Fine, await RolloutAsync("2"));
        Assert.Equal(ExitCodes.Failed, await RolloutAsync("3-bad"));
        // The rollout stops at the first failure, and the other canary may still be at it.
        JsonElement[] devices = await StatusAsync();
        for (long start = TimeProvider.System.GetTimestamp(); devices.Any(device => StatusOf(device) == "pending") && TimeProvider.System.GetElapsedTime(start) < Within;)
            devices = await StatusAsync();
        Assert.Equal(12, devices.Length);
        Assert.All(devices, device => Assert.Equal("2", device.GetProperty("reported").GetProperty("model").GetProperty("version").GetString()));
        Assert.All(devices, device => Assert.Equal(device.GetProperty("group").GetString() == "canary" ? "rolled-back" : "applied", StatusOf(device)));

        Assert.Equal(ExitCodes.Fine, await RolloutAsync("4"));

        async Task<JsonElement[]> StatusAsync() => [.. JsonDocument.Parse((await InProcess.RunAsync("fleet", "status", "--broker", broker, "--json")).Output).RootElement.EnumerateArray()];
        static string StatusOf(JsonElement device) => device.GetProperty("reported").GetProperty("status").GetString()!;
        async Task<int> RolloutAsync(string version)
        {
            string desired = _folder.Write("desired.json", $$$"""{"schema":1,"model":{"name":"shop-0001","version":"{{{version}}}","url":"https://files.shop/shop-0001.tar.gz","sha256":"{{{new string('a', 64)}}}","size":1000,"signature":"AAAA"}}""");
            (int exitCode, string output, string errors) = await InProcess.RunAsync("fleet", "rollout", "--broker", broker, "--desired", desired, "--group", "canary,rest", "--timeout", "2m");
            Assert.True(exitCode == ExitCodes.Fine || errors.Contains("stopped at canary", StringComparison.Ordinal), output + errors);
            return exitCode;
        }
    }

    [Fact]
    public async Task SimulatedShelvesJudgeByThePlanogramThatIsPushed()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub seen = await MosquittoSub.StartAsync(broker);
        StartSimulator(broker.Uri, "--devices", "1", "--interval", "100ms");
        await seen.UntilAsync(all => all.On("/reported").Any() && all.On("/result").Any(), "the shelf");
        Assert.Equal("pasta", Slot(seen.On("/result").Last(), 3).GetProperty("expected").GetProperty("label").GetString());

        (int exitCode, string output, string errors) = await PushAsync("slot,label,name\n1-01,tea,Tea\n1-02,rice,Rice\n");
        Assert.True(exitCode == ExitCodes.Fine, output + errors);

        await seen.UntilAsync(all => all.On("/result").Any(IsNew), "a result with the new planogram");
        SeenMessage first = seen.On("/result").First(IsNew);
        Schemas.AssertValid("result", first.Payload);
        Assert.Equal("tea", Slot(first, 0).GetProperty("expected").GetProperty("label").GetString());
        Assert.Contains(Slot(first, 0).GetProperty("verdict").GetString(), (string[])["mismatch", "empty", "match"]);
        Assert.Equal(("unchecked", JsonValueKind.Null), (Slot(first, 3).GetProperty("verdict").GetString(), Slot(first, 3).GetProperty("expected").ValueKind));
        // The place that held oat milk is filled with tea, and the change is told.
        await seen.UntilAsync(all => all.On("/event").Any(change => IsOf(change, "1-01", "tea") && change.Json.GetProperty("data").GetProperty("to").GetString() == "match"), "tea in its place");
        Schemas.AssertValid("event", seen.On("/event").First(change => IsOf(change, "1-01", "tea")).Payload);

        Assert.Equal(ExitCodes.Fine, (await PushAsync("slot,label,name\n9-99,tea,Tea\n")).ExitCode);
        await seen.UntilAsync(all => all.On("/reported").Any(report => report.Payload.Contains("there is no slot", StringComparison.Ordinal) && report.Json.GetProperty("status").GetString() == "refused"), "the refusal");

        Task<(int ExitCode, string Output, string Errors)> PushAsync(string table) => InProcess.RunAsync("fleet", "planogram", "push", _folder.Write("bay-9.csv", table), "--broker", broker.Uri, "--group", "canary");
        static JsonElement Slot(SeenMessage result, int place) => result.Json.GetProperty("slots")[place];
        static bool IsNew(SeenMessage result) => result.Json.GetProperty("planogram").GetProperty("name").GetString() == "bay-9";
        static bool IsOf(SeenMessage change, string slot, string label) =>
            change.Json.GetProperty("data").GetProperty("slot").GetString() == slot && change.Json.GetProperty("data").GetProperty("expected").GetProperty("label").GetString() == label;
    }

    [Fact]
    public void DaysAreMadeAndDroppedAndEarlyRowsMoveIn()
    {
        using PostgreSql database = Tables();
        Insert("2031-05-06T23:59:59Z", 1);
        Insert("2031-05-07T00:00:00Z", 2);
        Insert("1970-01-01T00:00:00Z", 3);
        // A copy of the first.
        Insert("2031-05-06T23:59:59Z", 1);
        Assert.Equal("3", database.Query("SELECT count(*) FROM message_other"));

        Assert.Equal("1", database.Query("SELECT make_days('2031-05-06', 1)"));
        Assert.Equal("0", database.Query("SELECT make_days('2031-05-06', 1)"));
        Assert.Equal("message_20310506|1", database.Query("SELECT tableoid::regclass, seq FROM message WHERE tableoid <> 'message_other'::regclass"));
        Insert("2031-05-06T23:59:59Z", 1);
        Assert.Equal("1|2|3", database.Query("SELECT string_agg(seq::text, '|' ORDER BY seq) FROM message"));

        database.Query("SELECT drop_days('2031-05-07')");
        Assert.Equal("", database.Query("SELECT relname FROM pg_class WHERE relname = 'message_20310506'"));

        void Insert(string at, int seq) => database.Query(
            $"INSERT INTO message VALUES ('00000000-0000-0000-0000-000000000001', 'shelf-07-{seq}', 'shelf-07', {seq}, 'result', '{at}', now(), '{{}}') ON CONFLICT DO NOTHING");
    }

    [Fact]
    public async Task WhatNobodyCanStoreDoesNotBlockTheOthers()
    {
        using PostgreSql database = Tables();
        using Mosquitto broker = Mosquitto.Start(Persistent);
        StartLoader(broker.Port, database);
        await Wait.UntilAsync(() => _programs.Text.Contains("is connected", StringComparison.Ordinal), Within, "the loader");

        Publish(broker, 1, "a zero \\u0000 in a text");
        Publish(broker, 2, "a good one");
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/result", "not a document");

        await Wait.UntilAsync(() => database.Query("SELECT string_agg(seq::text, ',') FROM message") == "2", Within, "the good one");
        await Wait.UntilAsync(() => _programs.Text.Contains("shelf-07-1 cannot be stored", StringComparison.Ordinal) && _programs.Text.Contains("carries something else", StringComparison.Ordinal), Within, "the complaints");
    }

    [Fact]
    public async Task OfTwoLoadersWithOneNameTheOlderStopsWhereTheBrokerGivesTheReason()
    {
        using PostgreSql database = Tables();
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync(MqttProtocolVersion.V500, _ => false);
        Process first = StartLoader(broker.Port, database, prefix: "first: ");
        await Wait.UntilAsync(() => _programs.Text.Contains("first: worker-1 is connected", StringComparison.Ordinal), Within, "the first loader");

        Process second = StartLoader(broker.Port, database, prefix: "second: ");

        await Wait.UntilAsync(() => first.HasExited, Within, "the first stops");
        Assert.Equal(3, first.ExitCode);
        Assert.Contains("first: Another program has connected to the broker as worker-1", _programs.Text, StringComparison.Ordinal);
        Assert.False(second.HasExited);
        Assert.Equal(["first: worker-1 is connected", "second: worker-1 is connected"], _programs.Lines.Where(line => line.EndsWith("is connected", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WhereTheBrokerGivesNoReasonTwoLoadersWithOneNameSayItAndTryOnceAMinute()
    {
        using PostgreSql database = Tables();
        using Mosquitto broker = Mosquitto.Start(Persistent);
        StartLoader(broker.Port, database, prefix: "first: ");
        await Wait.UntilAsync(() => _programs.Text.Contains("first: worker-1 is connected", StringComparison.Ordinal), Within, "the first loader");
        StartLoader(broker.Port, database, prefix: "second: ");
        await Wait.UntilAsync(() => _programs.Text.Contains(": The broker ended 3 connections in a row soon after they were made. Another program that connects as worker-1", StringComparison.Ordinal), Within, "one of them says it");

        Publish(broker, 1, "a good one");
        await Wait.UntilAsync(() => database.Query("SELECT count(*) FROM message") == "1", Within, "the message");

        // Each of them came back at most a few times, and not each second.
        Assert.InRange(_programs.Lines.Count(line => line.EndsWith("is connected", StringComparison.Ordinal)), 3, 12);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static PostgreSql Tables()
    {
        PostgreSql database = PostgreSql.Start();
        string tables = Path.Combine(Checkout.Root, "scripts", "samples", "fleet", "tables.sql");
        database.RunFile(tables);
        database.RunFile(tables);
        return database;
    }

    static void Publish(Mosquitto broker, int seq, string text) => MosquittoPub.Publish(
        broker, "edgeshelf/shelf-07/event", $$"""{"installation":"00000000-0000-0000-0000-000000000001","id":"shelf-07-{{seq}}","device":"shelf-07","seq":{{seq}},"at":"2026-11-25T08:00:00Z","message":"{{text}}"}""");

    /// <param name="mode">The mode of the loader for an older version of MQTT, or null.</param>
    /// <param name="restart">Restarts the broker in the middle of the run.</param>
    async Task EachIsStoredOnceAsync(PostgreSql database, string broker, int port, string? mode, Action restart)
    {
        StartLoader(port, database, mode);
        await Wait.UntilAsync(() => _programs.Text.Contains("worker-1 is connected", StringComparison.Ordinal), Within, "the loader");
        string report = _folder.File("report.csv");
        Process simulator = StartSimulator(broker, "--devices", "24", "--per-store", "6", "--interval", "500ms", "--duration", "20s", "--drain", "100s", "--fault-every", "10s", "--dark-stores", "1", "--dark-for", "5s", "--report", report);
        await Wait.UntilAsync(() => database.Query("SELECT count(*) > 100 FROM message") == "t", Within, "the first results");
        restart();

        await Wait.UntilAsync(() => simulator.HasExited, TimeSpan.FromMinutes(4), "the simulator");
        Assert.True(simulator.ExitCode == 0, _programs.Text);
        Dictionary<string, long> made = (await File.ReadAllLinesAsync(report, Cancellation)).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => long.Parse(cells[1], CultureInfo.InvariantCulture));
        string sum = made.Values.Sum().ToString(CultureInfo.InvariantCulture);
        await Wait.UntilAsync(() => database.Query("SELECT count(*) FROM message") == sum, Within, $"all {sum} stored");

        Assert.Equal(24, made.Count);
        Assert.Equal("", database.Query("SELECT * FROM gap"));
        Assert.Equal(
            made.OrderBy(device => device.Key, StringComparer.Ordinal).Select(device => $"{device.Key}|1|{device.Value}"),
            database.Query("SELECT device, min(seq), max(seq) FROM message GROUP BY device ORDER BY device COLLATE \"C\"").Split('\n'));
    }

    Process StartLoader(int port, PostgreSql database, string? mode = null, string prefix = "") => _programs.Start(
        prefix, [Path.Combine(AppContext.BaseDirectory, "sample-consumer"), "postgresql", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), database.NpgsqlConnection, "worker-1", .. mode is null ? Array.Empty<string>() : [mode]]);

    Process StartSimulator(string broker, params string[] arguments) => _programs.Start("", [Path.Combine(AppContext.BaseDirectory, "fleet-simulator"), "--broker", broker, .. arguments]);
}
