using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeShelf.Tests.Support;

/// <summary>Stands before a broker: may answer the first packet in its place, and can be cut, as a cable is.</summary>
sealed class TcpRelay : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentBag<TcpClient> _open = [];
    readonly int _target;
    readonly Func<byte[], byte[]?> _answer;
    readonly Task _accepting;

    TcpRelay(int target, Func<byte[], byte[]?> answer)
    {
        (_target, _answer) = (target, answer);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Uri => $"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <param name="answer">To the first packet, before the connection is closed; empty: only closed. Null lets it through.</param>
    public static TcpRelay Start(int target, Func<byte[], byte[]?>? answer = null) => new(target, answer ?? (_ => null));

    /// <summary>Ends all connections and takes no more.</summary>
    public void Cut()
    {
        _listener.Stop();
        foreach (TcpClient client in _open)
            client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _open.Add(client);
            _ = RelayAsync(client);
        }
    }

    async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream ours = client.GetStream();
            byte[] first = new byte[4096];
            first = first[..await ours.ReadAsync(first, _stop.Token)];
            if (_answer(first) is { } answer)
            {
                await ours.WriteAsync(answer, _stop.Token);
                return;
            }
            using TcpClient target = new();
            _open.Add(target);
            await target.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            NetworkStream theirs = target.GetStream();
            await theirs.WriteAsync(first, _stop.Token);
            await Task.WhenAny(ours.CopyToAsync(theirs, _stop.Token), theirs.CopyToAsync(ours, _stop.Token));
        }
    }
}
