using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EdgeShelf.Tests.Support;

/// <summary>One message as mosquitto_sub saw it.</summary>
sealed record SeenMessage(string Topic, bool Retained, int Qos, string Payload)
{
    public JsonElement Json => JsonDocument.Parse(Payload).RootElement;
}

/// <summary>A subscriber that is not our code. It connects again by itself.</summary>
sealed class MosquittoSub : IDisposable
{
    static readonly string? Program = ProgramsOnPath.Find("mosquitto_sub");

    readonly Process _process;
    readonly ConcurrentQueue<SeenMessage> _seen = new();

    MosquittoSub(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Errors += line.Data;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Errors { get; private set; } = "";
    public IReadOnlyList<SeenMessage> Seen => [.. _seen];
    public IEnumerable<SeenMessage> On(string topic) => Seen.Where(message => message.Topic.EndsWith(topic, StringComparison.Ordinal));
    public IReadOnlyList<long> Seqs(string topic = "/result") => [.. On(topic).Select(message => message.Json.GetProperty("seq").GetInt64())];

    /// <param name="session">Keeps a persistent session of this name.</param>
    /// <param name="payload">How mosquitto_sub prints it; `%x` in hexadecimal.</param>
    public static async Task<MosquittoSub> StartAsync(Mosquitto broker, string filter = "edgeshelf/#", string? session = null, string version = "5", string payload = "%p", params string[] more)
    {
        Assert.SkipUnless(Program is not null, "mosquitto_sub is not installed.");
        string[] persistent = session is null ? [] : version == "5" ? ["-i", session, "-c", "-x", "3600"] : ["-i", session, "-c"];
        // A message to itself tells when the subscription stands.
        string probe = $"probe/{Guid.NewGuid():N}";
        Process process = Process.Start(new ProcessStartInfo(
            Program!, ["-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-V", version, "-q", "1", "-F", $"%r %q %t {payload}", "-t", filter, "-t", probe, .. persistent, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        MosquittoSub subscriber = new(process);
        await Wait.UntilAsync(
            () =>
            {
                MosquittoPub.Publish(broker, probe, "up", more: more);
                return subscriber.Seen.Any(message => message.Topic == probe);
            },
            TimeSpan.FromSeconds(20), "mosquitto_sub is subscribed");
        return subscriber;
    }

    public Task UntilAsync(Func<MosquittoSub, bool> condition, string what, int seconds = 30) =>
        Wait.UntilAsync(() => condition(this), TimeSpan.FromSeconds(seconds), $"{what}; seen: {string.Join(", ", Seen.Select(message => message.Topic))} {Errors}");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    void Add(string? line)
    {
        if (line?.Split(' ', 4) is [string retained, string qos, string topic, string payload])
            _seen.Enqueue(new SeenMessage(topic, retained == "1", int.Parse(qos, CultureInfo.InvariantCulture), payload));
    }
}

static class MosquittoPub
{
    static readonly string? Program = ProgramsOnPath.Find("mosquitto_pub");

    public static void Publish(Mosquitto broker, string topic, string payload, bool retain = false, params string[] more)
    {
        Assert.SkipUnless(Program is not null, "mosquitto_pub is not installed.");
        string[] retained = retain ? ["-r"] : [];
        using Process process = Process.Start(new ProcessStartInfo(
            Program!, ["-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", topic, "-m", payload, .. retained, .. more])
        {
            RedirectStandardError = true,
        })!;
        process.WaitForExit();
    }
}
