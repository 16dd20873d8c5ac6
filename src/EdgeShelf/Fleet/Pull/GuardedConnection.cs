using System.Net;
using System.Net.Sockets;
using EdgeShelf.Fleet.Documents;

namespace EdgeShelf.Fleet.Pull;

/// <summary>
/// Connects to a server only if its address is allowed. The address is checked that is really connected to, so that neither a name server nor a
/// redirect can lead elsewhere.
/// </summary>
static class GuardedConnection
{
    public static SocketsHttpHandler Handler(FleetOptions options) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        // A proxy would connect in the place of the device, and nobody could check where to.
        UseProxy = false,
        ConnectTimeout = options.ReadTimeout,
        MaxResponseHeadersLength = 32,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, options.AllowLocalAddresses, cancellationToken),
    };

    static async ValueTask<Stream> ConnectAsync(DnsEndPoint server, bool allowLocal, CancellationToken cancellationToken)
    {
        IPAddress[] found = await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        IPAddress[] allowed = allowLocal ? found : [.. found.Where(AddressRule.Allows)];
        if (allowed.Length == 0)
        {
            throw new FleetException(
                FleetProblem.AddressNotAllowed, $"The address {string.Join(", ", found.Select(address => address.ToString()))} of {server.Host} is not allowed for downloads.",
                $"Put the file on another computer, or set Fleet:{nameof(FleetOptions.AllowLocalAddresses)} for a test.");
        }
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
