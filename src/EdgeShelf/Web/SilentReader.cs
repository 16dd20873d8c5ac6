using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeShelf.Web;

/// <summary>Ends the connection of a long response when its client no longer reads or no longer exists.</summary>
static class SilentReader
{
    /// <summary>Size of the kernel's send buffer, in bytes. The default of megabytes would hold hours of events, so a client that does not read would go unnoticed.</summary>
    const int SendBuffer = 16 << 10;

    /// <summary>Minimum rate at which the client must read what Kestrel buffers. The buffer holds at most 64 kB, so the client has about 15 seconds for it.</summary>
    static readonly MinDataRate Rate = new(bytesPerSecond: 8 << 10, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>How long sent data may remain unacknowledged, or the client's receive window full, in milliseconds.</summary>
    const int AcknowledgedWithin = 30_000;

    // Constants from linux/tcp.h.
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
            // The client has already disconnected; writing the response will detect that.
        }
    }
}
