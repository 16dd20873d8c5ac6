using System.Net;
using System.Net.Sockets;

namespace EdgeShelf.Tests.Chaos;

/// <summary>
/// The network between service and broker: it can stall, delay and cut, and writes down each message that the broker got and
/// each receipt that went back.
/// </summary>
sealed class FaultyLink : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _brokerPort;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _lock = new();
    readonly List<TcpClient> _open = [];
    volatile TaskCompletionSource? _stalled;
    long _hangUps;

    public FaultyLink(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Ledger Ledger { get; } = new();

    /// <summary>Messages that came in MQTT 3.1.1, though the broker speaks 5.</summary>
    public int InOlderVersion { get; private set; }

    /// <summary>Each packet takes so much longer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Results and events go through, and the broker's receipts for them do not.</summary>
    public bool LosesReceipts { get; set; }

    /// <summary>A packet to a topic with this in it is not passed on, and the connection ends there, as some brokers do. Null: none.</summary>
    public string? HangsUpOn { get; set; }

    /// <summary>How often that happened.</summary>
    public long HangUps => Interlocked.Read(ref _hangUps);

    /// <summary>Called once, with the next receipt: on its way to the service, or just after the service had it.</summary>
    public (Action Action, bool AfterDelivery)? OnNextReceipt { get; set; }

    /// <summary>Nothing goes through, and nobody is told.</summary>
    public void Stall() => _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Flow()
    {
        TaskCompletionSource? stalled = _stalled;
        _stalled = null;
        stalled?.SetResult();
    }

    public void Cut()
    {
        lock (_lock)
        {
            foreach (TcpClient client in _open)
                client.Dispose();
            _open.Clear();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        Flow();
        Cut();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient service = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(service);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is taken down.
        }
    }

    async Task ServeAsync(TcpClient service)
    {
        using TcpClient broker = new();
        Dictionary<ushort, Message> waiting = [];
        int version = 0;
        try
        {
            lock (_lock)
                _open.AddRange([service, broker]);
            await broker.ConnectAsync(IPAddress.Loopback, _brokerPort, _stop.Token);
            Task up = PumpAsync(service.GetStream(), broker.GetStream(), packet =>
            {
                if (MqttPackets.TypeOf(packet) == MqttPackets.Connect)
                    version = MqttPackets.ReadVersion(packet);
                else if (version == 5)
                    NoteMessage(packet, waiting);
                else if (MqttPackets.TypeOf(packet) == MqttPackets.Publish)
                    InOlderVersion++;
                return false;
            });
            Task down = PumpAsync(broker.GetStream(), service.GetStream(), packet => NoteReceipt(packet, waiting));
            await Task.WhenAny(up, down);
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Cut, or the broker is not there: both ends see a broken connection.
        }
        finally
        {
            service.Dispose();
        }
    }

    async Task PumpAsync(NetworkStream from, NetworkStream to, Func<byte[], bool> note)
    {
        byte[] buffer = new byte[64 * 1024];
        List<byte> kept = [];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and int read)
            {
                kept.AddRange(buffer.AsSpan(0, read));
                while (MqttPackets.LengthOf(kept.ToArray()) is > 0 and int length)
                {
                    byte[] packet = [.. kept[..length]];
                    kept.RemoveRange(0, length);
                    if (_stalled is { } stalled)
                        await stalled.Task;
                    if (Delay > TimeSpan.Zero)
                        await Task.Delay(Delay, TimeProvider.System, _stop.Token);
                    if (HangsUpOn is { } topic && MqttPackets.ReadTopic(packet)?.Contains(topic, StringComparison.Ordinal) == true)
                    {
                        Interlocked.Increment(ref _hangUps);
                        return;
                    }
                    bool isOfMessage = note(packet);
                    if (isOfMessage && LosesReceipts)
                        continue;
                    bool isReceipt = MqttPackets.TypeOf(packet) == MqttPackets.PublishReceipt;
                    if (isReceipt)
                        RunOnce(afterDelivery: false);
                    await to.WriteAsync(packet, _stop.Token);
                    if (isReceipt)
                        RunOnce(afterDelivery: true);
                }
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other pump and both ends learn of it by the connection's end.
        }
    }

    void NoteMessage(byte[] packet, Dictionary<ushort, Message> waiting)
    {
        if (MqttPackets.TypeOf(packet) != MqttPackets.Publish || MqttPackets.ReadPublish(packet) is not { } publish || Message.TryRead(publish.Topic, publish.Payload) is not { } message)
            return;
        lock (waiting)
            waiting[publish.Id] = message;
        Ledger.Sent(message);
    }

    /// <returns>True when it is a receipt for a result or event.</returns>
    bool NoteReceipt(byte[] packet, Dictionary<ushort, Message> waiting)
    {
        if (MqttPackets.TypeOf(packet) != MqttPackets.PublishReceipt)
            return false;
        (ushort id, bool isRefusal) = MqttPackets.ReadReceipt(packet);
        lock (waiting)
        {
            if (!waiting.Remove(id, out Message? message))
                return false;
            if (!isRefusal)
                Ledger.Received(message);
            return true;
        }
    }

    void RunOnce(bool afterDelivery)
    {
        if (OnNextReceipt is not { } once || once.AfterDelivery != afterDelivery)
            return;
        OnNextReceipt = null;
        once.Action();
    }
}
