using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// Stands at the outside of a <see cref="NetworkNamespace"/>: a name server that answers each question with this end's address, and a
/// look at each IPv4 packet that comes from inside.
/// </summary>
sealed class NetworkRecorder : IAsyncDisposable
{
    const int EthernetHeader = 14, SourceAt = 12, DestinationAt = 16;

    // ETH_P_IP of if_ether.h, in network byte order.
    const ProtocolType AllIpv4 = (ProtocolType)0x0008;

    readonly IPAddress _outside;
    readonly IPAddress _inside;
    readonly CancellationTokenSource _stop = new();
    readonly UdpClient _names;
    readonly Socket _packets = new(AddressFamily.Packet, SocketType.Raw, AllIpv4);
    readonly Task _work;

    public NetworkRecorder(NetworkNamespace network)
    {
        (_outside, _inside) = (network.Outside, network.Inside);
        _names = new UdpClient(new IPEndPoint(_outside, 53));
        _work = Task.WhenAll(AnswerNamesAsync(), LookAtPacketsAsync());
    }

    /// <summary>Names that were asked for.</summary>
    public ConcurrentDictionary<string, bool> Names { get; } = new();

    /// <summary>Addresses that packets were sent to.</summary>
    public ConcurrentDictionary<IPAddress, bool> Addresses { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _names.Dispose();
        _packets.Dispose();
        _stop.Dispose();
    }

    async Task AnswerNamesAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult question = await _names.ReceiveAsync(_stop.Token);
                await _names.SendAsync(Answer(question.Buffer), question.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>RFC 1035, section 4: header, one question; an A record for A, nothing for the rest.</summary>
    byte[] Answer(byte[] query)
    {
        int at = 12;
        StringBuilder name = new();
        while (query[at] != 0)
        {
            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(query, at + 1, query[at]));
            at += 1 + query[at];
        }
        Names[name.ToString()] = true;
        int end = at + 5;
        bool isAddress = query[at + 2] == 1;
        byte[] header = [query[0], query[1], 0x81, 0x80, 0, 1, 0, (byte)(isAddress ? 1 : 0), 0, 0, 0, 0];
        byte[] record = isAddress ? [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, .. _outside.GetAddressBytes()] : [];
        return [.. header, .. query.AsSpan(12, end - 12), .. record];
    }

    async Task LookAtPacketsAsync()
    {
        byte[] packet = new byte[65_536];
        byte[] inside = _inside.GetAddressBytes();
        try
        {
            while (true)
            {
                int length = await _packets.ReceiveAsync(packet, _stop.Token);
                if (length >= EthernetHeader + 20 && packet.AsSpan(EthernetHeader + SourceAt, 4).SequenceEqual(inside))
                    Addresses[new IPAddress(packet.AsSpan(EthernetHeader + DestinationAt, 4))] = true;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
