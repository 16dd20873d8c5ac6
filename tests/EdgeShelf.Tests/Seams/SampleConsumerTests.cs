using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Tests.Seams;

/// <summary>The backend that we show others, in scripts/samples/SampleConsumer, as processes of its own.</summary>
public sealed class SampleConsumerTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly Mosquitto _broker = Mosquitto.Start("allow_anonymous true\npersistence true\npersistence_location {folder}/");
    readonly List<Process> _workers = [];

    /// <summary>What the workers printed.</summary>
    readonly ConcurrentQueue<string> _lines = new();

    string Database => _folder.File("backend.db");

    public void Dispose()
    {
        foreach (Process worker in _workers)
        {
            worker.Kill();
            worker.WaitForExit();
            worker.Dispose();
        }
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TwoWorkersShareTheWorkAndWhatAKillNineInterruptsIsNeitherLostNorCountedTwice()
    {
        await using Publisher publisher = new Publisher(_broker).Start();
        Process first = await StartAsync("worker-1");
        await StartAsync("worker-2");
        for (int i = 0; i < 40; i++)
            publisher.Capture();
        await Wait.UntilAsync(() => Count() > 5, Within, "the first results");

        first.Kill();
        first.WaitForExit();
        for (int i = 0; i < 40; i++)
            publisher.Capture();
        publisher.Outbox.AppendEvent(EventTypes.CameraBack, "The camera is back.");
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, Within, "all delivered");
        await StartAsync("worker-1");

        await Wait.UntilAsync(() => Count() == 81, Within, $"all 81 stored; {Count()} are");
        Assert.Equal(Enumerable.Range(1, 81).Select(seq => (long)seq), Sequence());
        Assert.Equal(2, Count("SELECT count(DISTINCT worker) FROM message"));
    }

    [Fact]
    public async Task TwoWorkersWithOneNameSaySo()
    {
        await StartAsync("worker-1");
        await StartAsync("worker-1");

        await Wait.UntilAsync(() => _lines.Any(line => line.Contains("Another program that connects as worker-1 does that", StringComparison.Ordinal)), Within, "one of them says it");
    }

    [Fact]
    public async Task WhatComesWhileNoWorkerRunsWaitsAtTheBroker()
    {
        Process worker = await StartAsync("worker-1");
        worker.Kill();
        worker.WaitForExit();
        await using Publisher publisher = new Publisher(_broker).Start();
        publisher.Capture();
        publisher.Capture();
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, Within, "all delivered");
        MosquittoPub.Publish(_broker, "edgeshelf/shelf-07/result", "something else");

        await StartAsync("worker-1");

        await Wait.UntilAsync(() => Count() == 2, Within, "both stored");
        using SqliteConnection database = Open();
        Schemas.AssertValid("result", Assert.IsType<string>(database.Scalar<string>("SELECT document FROM message WHERE id = 'shelf-07-2'")));
    }

    /// <summary>Their ids are the same; the second one's results must not pass for copies of the first one's.</summary>
    [Fact]
    public async Task TwoDevicesOfOneNameAreBothStored()
    {
        await StartAsync("worker-1");
        for (int device = 1; device <= 2; device++)
        {
            await using Publisher publisher = new Publisher(_broker).Start();
            publisher.Capture();
            await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, Within, "delivered");
        }

        await Wait.UntilAsync(() => Count() == 2, Within, $"both stored; {Count()} are");
        Assert.Equal(1, Count("SELECT count(DISTINCT id) FROM message"));
    }

    [Fact]
    public async Task AChangeOfASlotIsPrintedOnceInWordsAlsoWhenItsMessageComesTwice()
    {
        await StartAsync("worker-1");
        await using Publisher publisher = new Publisher(_broker).Start();
        BayState bay = SomeBay.Of(3, ("1-02", Verdict.Empty), ("1-03", Verdict.Mismatch)).With("1-03", slot => slot with { Seen = "sandwich-bags" });
        publisher.Bay.Set(bay, []);
        CommittedResult result = publisher.Capture();

        publisher.Events.Report(bay.ChangeOf("1-02", Verdict.Match) with { Since = TimeProvider.System.GetUtcNow() }, result);
        publisher.Events.Report(bay.ChangeOf("1-03", Verdict.Match) with { Expected = null }, result);
        await Wait.UntilAsync(() => Count() == 3, Within, "all stored");
        MosquittoPub.Publish(_broker, "edgeshelf/shelf-07/event", Document("shelf-07-2"));

        await Wait.UntilAsync(() => _lines.Contains("shelf-07-2 known already"), Within, "the copy");
        string[] changes = [.. _lines.Where(line => line.Contains("->", StringComparison.Ordinal))];
        Assert.Equal(2, changes.Length);
        Assert.Matches(@"^shelf-07 1-02: match -> empty \(expected Tall kitchen bags\) since (\d{4}-\d\d-\d\d )?\d\d:\d\d$", changes[0]);
        Assert.Equal("shelf-07 1-03: match -> mismatch (sandwich-bags) since 2026-11-25 08:00", changes[1]);
    }

    [Fact]
    public async Task WhatEachShelfIsLikeNowIsPrintedOnRequest()
    {
        (int exitCode, string output, string errors) = Run("shelf", "127.0.0.1", $"{_broker.Port}", "shelf-07");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("No shelf with slots", errors, StringComparison.Ordinal);
        await using Publisher publisher = new(_broker);
        publisher.Bay.Set(SomeBay.Of(4, ("1-02", Verdict.Empty)).With("1-04", slot => slot with { CoveredSince = SomeBay.Since.AddMinutes(9) }), []);
        publisher.Start();
        using (MosquittoSub reader = await MosquittoSub.StartAsync(_broker))
            await reader.UntilAsync(seen => seen.On("/shelf").Any(), "the shelf");

        (exitCode, output, errors) = Run("shelf", "127.0.0.1", $"{_broker.Port}");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            ["shelf-07: 75 % available, 3 of 4", "  1-02: empty (expected Tall kitchen bags) since 2026-11-25 08:00", "  1-04: match (expected Tall kitchen bags) since 2026-11-25 08:00, covered since 2026-11-25 08:09"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "sample-consumer"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }

    string Document(string id)
    {
        using SqliteConnection database = Open();
        return Assert.IsType<string>(database.Scalar<string>("SELECT document FROM message WHERE id = $0", id));
    }

    async Task<Process> StartAsync(string worker)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "sample-consumer"), ["127.0.0.1", _broker.Port.ToString(CultureInfo.InvariantCulture), Database, worker])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        _workers.Add(process);
        TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            _lines.Enqueue(line.Data ?? "");
            if (line.Data?.EndsWith("is connected", StringComparison.Ordinal) == true)
                connected.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await connected.Task.WaitAsync(Within, TimeProvider.System, TestContext.Current.CancellationToken);
        return process;
    }

    long Count(string sql = "SELECT count(*) FROM message")
    {
        using SqliteConnection database = Open();
        return database.Scalar<long>(sql);
    }

    List<long> Sequence()
    {
        using SqliteConnection database = Open();
        using SqliteCommand command = database.Command("SELECT seq FROM message ORDER BY seq");
        using SqliteDataReader rows = command.ExecuteReader();
        List<long> values = [];
        while (rows.Read())
            values.Add(rows.GetInt64(0));
        return values;
    }

    SqliteConnection Open()
    {
        SqliteConnection database = new($"Data Source={Database};Pooling=false;Default Timeout=30");
        database.Open();
        return database;
    }
}
