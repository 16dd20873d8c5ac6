using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeShelf.Web;

/// <summary>Makes the connection of a long response end when its client no longer reads, or is no longer there.</summary>
static class SilentReader
{
    /// <summary>Bytes that wait in the kernel for the client. With the default of megabytes, hours of events would fit.</summary>
    const int SendBuffer = 16 << 10;

    /// <summary>For what Kestrel holds back, 64 kB at most: the client has about a quarter of a minute for it.</summary>
    static readonly MinDataRate Rate = new(bytesPerSecond: 8 << 10, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Milliseconds that sent data may stay without an acknowledgement, or a full receive window without room.</summary>
    const int AcknowledgedWithin = 30_000;

    // linux/tcp.h
    const int ProtocolTcp = 6, TcpUserTimeout = 18;

    public static void IsHungUpOn(HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } response)
            response.MinDataRate = Rate;
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        try
        {
            socket.SendBufferSize = SendBuffer;
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(ProtocolTcp, TcpUserTimeout, BitConverter.GetBytes(AcknowledgedWithin));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The client has gone already; the response finds out.
        }
    }
}
