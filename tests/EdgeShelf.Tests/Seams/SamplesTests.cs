using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>What we show others in scripts/samples, run against real servers.</summary>
public sealed class SamplesTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples");

    readonly TemporaryFolder _folder = new();
    readonly List<Process> _programs = [];
    readonly List<string> _lines = [];

    public void Dispose()
    {
        foreach (Process program in _programs)
        {
            program.Kill();
            program.WaitForExit();
            program.Dispose();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task WatchPrintsEachChangeOnce()
    {
        using Mosquitto broker = Mosquitto.Start();
        StartPython("paho.mqtt", Path.Combine(Samples, "python", "watch.py"), "127.0.0.1", Text(broker.Port));
        await using Publisher publisher = new Publisher(broker).Start();
        await SubscribedAsync(broker);

        string change = await ReportAChangeAsync(publisher, broker);
        // A copy, and what is not a change of a slot.
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/event", change);
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/event", "");
        publisher.Events.Report(Bay.ChangeOf("1-03", Verdict.Match) with { Expected = null }, publisher.Capture());

        await Wait.UntilAsync(() => Lines("1-03").Length == 1, Within, "the second change");
        Assert.Equal("shelf-07 1-02: match -> empty (Tall kitchen bags) at 2026-11-25T08:00:00.000Z", Assert.Single(Lines("1-02")));
        Assert.StartsWith("shelf-07 1-03: match -> unknown at ", Lines("1-03")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLoaderStoresEachMessageOnceAndTheViewsTellWhatIsMissing()
    {
        using PostgreSql database = PostgreSql.Start();
        database.RunFile(Path.Combine(Samples, "postgresql", "tables.sql"));
        database.RunFile(Path.Combine(Samples, "postgresql", "tables.sql"));
        using Mosquitto broker = Mosquitto.Start();
        Process loader = StartLoader(broker, database);
        await using Publisher publisher = new Publisher(broker).Start();
        await Wait.UntilAsync(() => Lines("connected").Length == 1, Within, "the loader");

        string change = await ReportAChangeAsync(publisher, broker);
        await Wait.UntilAsync(() => database.Query("SELECT count(*) FROM message") == "2", Within, "the result and the change");
        loader.Kill();
        loader.WaitForExit();
        // The broker keeps for the loader's session what comes meanwhile.
        publisher.Events.Report(Bay.ChangeOf("1-02", Verdict.Match) with { From = Verdict.Empty, To = Verdict.Match, Since = SomeBay.Since.AddMinutes(5) }, publisher.Capture());
        publisher.Events.Report(Bay.ChangeOf("1-03", Verdict.Match), publisher.Capture());
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/event", change);
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/event", "not a document");
        publisher.Outbox.AppendResult(SomeResult.Of(Bay.With("1-02", slot => slot with { Verdict = Verdict.Match })), Trigger.Timer, TimeProvider.System.GetUtcNow());
        StartLoader(broker, database);

        await Wait.UntilAsync(() => database.Query("SELECT count(*) FROM message") == "7", Within, "all");
        Assert.Equal("shelf-07|1-03|unknown", database.Query("SELECT device, slot, to_verdict FROM missing_now"));
        Assert.Equal("1-02|tall-kitchen-bags|00:05:00", database.Query("SELECT slot, expected, missing_for FROM restocked"));
        Assert.Equal("1|7", database.Query("SELECT min(seq), max(seq) FROM message"));
    }

    [Fact]
    public async Task TwoLoadersOfOneSessionSaySo()
    {
        using PostgreSql database = PostgreSql.Start();
        database.RunFile(Path.Combine(Samples, "postgresql", "tables.sql"));
        using Mosquitto broker = Mosquitto.Start();
        StartLoader(broker, database);
        StartLoader(broker, database);

        await Wait.UntilAsync(() => Lines("Another program that connects as edgeshelf-postgresql").Length > 0, Within, "one of them says it");
    }

    [Fact]
    public async Task WithTheRulesOfTheShopADeviceWorksAndReachesOnlyWhatIsItsOwn()
    {
        using Mosquitto broker = Mosquitto.Start($"allow_anonymous false\npassword_file {{folder}}/passwords\nacl_file {{folder}}/shop.acl", started: false);
        // mosquitto reads no file that others may write.
        await File.WriteAllTextAsync(Path.Combine(broker.Folder, "shop.acl"), await File.ReadAllTextAsync(Path.Combine(Samples, "mosquitto", "shop.acl"), Cancellation), Cancellation);
        foreach (string user in (string[])["shelf-07", "shelf-08", "backend"])
            Run("mosquitto_passwd", [.. File.Exists(Path.Combine(broker.Folder, "passwords")) ? Array.Empty<string>() : ["-c"], "-b", Path.Combine(broker.Folder, "passwords"), user, "secret"]);
        broker.Start();
        StartSubscriber(broker, "backend", "edgeshelf/#");
        StartSubscriber(broker, "shelf-08", "edgeshelf/#");
        string password = _folder.Write("password", "secret\n");
        await using Publisher publisher = new Publisher(broker, options => (options.UserName, options.PasswordFile) = ("shelf-07", password)).Start();
        await publisher.ConnectedAsync();

        await Wait.UntilAsync(
            () =>
            {
                publisher.Capture();
                return Lines("backend edgeshelf/shelf-07/result").Length > 0;
            },
            Within, "a result at the backend");
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/interval", "5", false, "-u", "backend", "-P", "secret");
        await Wait.UntilAsync(() => Lines("backend edgeshelf/shelf-07/response/interval").Length > 0, Within, "an answer");
        // Neither result nor request of another device.
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/result", "{}", false, "-u", "shelf-08", "-P", "secret");
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/interval", "7", false, "-u", "shelf-08", "-P", "secret");
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "", false, "-u", "backend", "-P", "secret");
        await Wait.UntilAsync(() => Lines("backend edgeshelf/shelf-07/response/status").Length > 0, Within, "the state");

        Assert.Contains("\"left_out\":[]", Lines("backend edgeshelf/shelf-07/response/status")[0], StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), publisher.Interval.Current);
        Assert.DoesNotContain(Lines("backend"), line => line.EndsWith("/result {}", StringComparison.Ordinal));
        Assert.Empty(Lines("shelf-08"));
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static BayState Bay { get; } = SomeBay.Of(3, ("1-02", Verdict.Empty), ("1-03", Verdict.Unknown));

    /// <returns>The event as it was sent.</returns>
    static async Task<string> ReportAChangeAsync(Publisher publisher, Mosquitto broker)
    {
        using MosquittoSub backend = await MosquittoSub.StartAsync(broker);
        publisher.Bay.Set(Bay, []);
        publisher.Events.Report(Bay.ChangeOf("1-02", Verdict.Match), publisher.Capture());
        await backend.UntilAsync(seen => seen.On("/event").Any(), "the change");
        return backend.On("/event").First().Payload;
    }

    /// <summary>Waits until a program that prints changes prints one.</summary>
    async Task SubscribedAsync(Mosquitto broker)
    {
        const string Probe = """{"type":"slot-changed","installation":"-","id":"probe-ID","device":"probe","data":{"slot":"1","from":"match","to":"empty","since":"now","expected":null}}""";
        int id = 0;
        await Wait.UntilAsync(
            () =>
            {
                MosquittoPub.Publish(broker, "edgeshelf/probe/event", Probe.Replace("ID", Text(id++), StringComparison.Ordinal));
                return Lines("probe").Length > 0;
            },
            Within, "the program subscribes");
    }

    Process StartLoader(Mosquitto broker, PostgreSql database) => StartPython("psycopg2", Path.Combine(Samples, "postgresql", "load.py"), "127.0.0.1", Text(broker.Port), database.Connection);

    Process StartPython(string module, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3") && Run("/usr/bin/python3", ["-c", $"import paho.mqtt.client, {module}"], mayFail: true) == 0, $"Python's {module} or paho.mqtt is not installed.");
        return Start("", "/usr/bin/python3", arguments);
    }

    void StartSubscriber(Mosquitto broker, string user, string topic) => Start($"{user} ", "mosquitto_sub", ["-h", "127.0.0.1", "-p", Text(broker.Port), "-u", user, "-P", "secret", "-i", user + "-test", "-q", "1", "-t", topic, "-v"]);

    Process Start(string prefix, string program, string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _programs.Add(process);
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Add(string? line)
        {
            lock (_lines)
            {
                if (line is not null)
                    _lines.Add(prefix + line);
            }
        }
    }

    static int Run(string program, string[] arguments, bool mayFail = false)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        Assert.True(mayFail || process.ExitCode == 0, $"{program} failed.");
        return process.ExitCode;
    }

    string[] Lines(string part)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Contains(part, StringComparison.Ordinal))];
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
