using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Tests.Support;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>What a broker sends is bounded before it is in memory.</summary>
public sealed class PacketLimitTests
{
    const int Huge = 200_000_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The body has lengths that would be refused if they were taken for a header.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task PacketsUpToTheLimitPassHoweverTheyAreCutIntoReads(int chunk)
    {
        byte[] largest = Packet(PacketLimit.MaxBytes - 4);
        Assert.Equal(PacketLimit.MaxBytes, largest.Length);
        byte[] all = [.. Packet(0), .. Packet(127), .. Packet(128), .. largest, .. Packet(1)];
        await using PacketLimit stream = new(new InPieces(all, chunk));
        using MemoryStream passed = new();

        await stream.CopyToAsync(passed, Cancellation);

        Assert.Equal(all, passed.ToArray());
    }

    [Theory]
    [InlineData(PacketLimit.MaxBytes - 3, true)]
    [InlineData(Huge, false)]
    [InlineData(268_435_455, false)]
    public async Task TheHeaderOfALargerPacketEndsTheConnection(int body, bool isSizeKnown)
    {
        byte[] start = Header(body);
        await using PacketLimit stream = new(new InPieces([.. Packet(5), .. start], 1));
        byte[] buffer = new byte[1];

        BrokerException problem = await Assert.ThrowsAsync<BrokerException>(async () =>
        {
            while (await stream.ReadAsync(buffer, Cancellation) > 0)
            {
            }
        });

        Assert.Contains(isSizeKnown ? $"of {PacketLimit.MaxBytes + 1} bytes" : "of at least ", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"at most {PacketLimit.MaxBytes} are accepted", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLargestRequestFitsWithItsTopics() => Assert.True(PacketLimit.MaxBytes >= PlanRequests.MaxBytes + ushort.MaxValue);

    /// <summary>200 MB to a request topic were an OutOfMemoryException, and 200 MB of memory where there are that many.</summary>
    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task AHugeRequestCostsNoMemoryAndTheNextOneIsAnswered(string version)
    {
        using TemporaryFolder folder = new();
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmessage_size_limit 268435455");
        await using TcpRelay relay = TcpRelay.Start(broker.Port, connect => version == "3.1.1" && VersionOf(connect) == 5 ? [0x20, 2, 0, 1] : null);
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        using EdgeShelfProcess service = StartService(folder, relay.Uri);
        await reader.UntilAsync(seen => seen.On("/availability").Any(message => message.Payload == "online"), $"online; {service.Output} {service.Errors}", seconds: 120);
        long before = ProcessMemory.Peak(service.Id);

        PublishHuge(folder, broker);
        if (version == "3.1.1")
            await reader.UntilAsync(seen => seen.On("/availability").Select(message => message.Payload).SequenceEqual(["online", "offline", "online"]), $"ended and back; {service.Output}", seconds: 60);
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", """{"transaction":"after"}""");
        await reader.UntilAsync(seen => seen.On("/response/status").Any(), $"an answer; {service.Output}", seconds: 60);

        Assert.Equal("after", Assert.Single(reader.On("/response/status")).Json.GetProperty("transaction").GetString());
        if (version == "3.1.1")
            Assert.Contains($"at most {PacketLimit.MaxBytes} are accepted, so the device closed the connection", service.Output, StringComparison.Ordinal);
        else
            Assert.Single(reader.On("/availability"));
        long peak = ProcessMemory.Peak(service.Id);
        Assert.True(peak - before < 30_000, $"{peak} kB at the peak, {before} kB before");
        TestContext.Current.TestOutputHelper?.WriteLine($"{version}: {before} kB before, {peak} kB at the peak");
    }

    /// <summary>A flood of requests, as fast as one client of the broker can send them.</summary>
    [Fact]
    public async Task AFloodOfRequestsCostsNeitherMemoryNorTheLog()
    {
        const int Flood = 100_000;
        using TemporaryFolder folder = new();
        using Mosquitto broker = Mosquitto.Start("allow_anonymous true\nmax_queued_messages 0");
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        using EdgeShelfProcess service = StartService(folder, broker.Uri);
        await reader.UntilAsync(seen => seen.On("/availability").Any(message => message.Payload == "online"), $"online; {service.Output} {service.Errors}", seconds: 120);
        long before = ProcessMemory.Peak(service.Id);

        using (IMqttClient client = new MqttClientFactory().CreateMqttClient())
        {
            await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build(), Cancellation);
            byte[] payload = new byte[3000];
            for (int i = 0; i < Flood; i++)
            {
                await client.PublishAsync(
                    new MqttApplicationMessage { Topic = "edgeshelf/shelf-07/request/status", PayloadSegment = payload, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce }, Cancellation);
            }
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), Cancellation);
        }
        int Answers() => reader.On("/response/status").Count();
        await Wait.UntilAsync(
            () =>
            {
                MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", """{"transaction":"after"}""");
                return reader.On("/response/status").Any(message => message.Payload.Contains("after", StringComparison.Ordinal));
            },
            TimeSpan.FromSeconds(60), "an answer after the flood");

        long peak = ProcessMemory.Peak(service.Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"{before} kB before, {peak} kB at the peak, {Answers()} answers");
        Assert.True(peak - before < 60_000, $"{peak} kB at the peak, {before} kB before; the flood had {Flood * 3} kB");
        Assert.True(Answers() < 200, $"{Answers()} answers");
        Assert.InRange(service.Output.Split('\n').Count(line => line.Contains("requests were dropped", StringComparison.Ordinal)), 1, 4);
    }

    static EdgeShelfProcess StartService(TemporaryFolder folder, string broker)
    {
        string pictures = folder.File("pictures");
        Directory.CreateDirectory(pictures);
        return EdgeShelfProcess.Start(
            folder.File("state"), "run", "--set", "Capture:Camera=folder", "--set", $"Capture:Folder:Path={pictures}", "--set", "Capture:Interval=0", "--set", $"Models:Name={TinyModel.Name}",
            "--set", $"Models:Trained={TinyModel.WriteTo(folder.File("models"))}", "--set", $"Publish:Broker={broker}", "--set", "Publish:Device=shelf-07", "--set", "Publish:HomeAssistant=false", "--set", "Web:Enabled=false");
    }

    static void PublishHuge(TemporaryFolder folder, Mosquitto broker)
    {
        string file = folder.File("huge");
        using (FileStream huge = File.Create(file))
            huge.SetLength(Huge);
        using Process publish = Process.Start(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", "edgeshelf/shelf-07/request/status", "-f", file]);
        publish.WaitForExit();
        Assert.Equal(0, publish.ExitCode);
    }

    /// <summary>The version byte of a CONNECT: after the header, two bytes of length and `MQTT`.</summary>
    static int VersionOf(byte[] connect) => connect[1 + connect.AsSpan(1).IndexOfAnyInRange<byte>(0, 0x7f) + 1 + 6];

    static byte[] Packet(int body) => [.. Header(body), .. Enumerable.Repeat((byte)0xFF, body)];

    static byte[] Header(int body)
    {
        List<byte> header = [0x30];
        do
        {
            header.Add((byte)((body & 0x7F) | (body > 0x7F ? 0x80 : 0)));
            body >>= 7;
        }
        while (body > 0);
        return [.. header];
    }

    /// <summary>A connection whose reads return few bytes.</summary>
    sealed class InPieces(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
