using System.Net;
using Microsoft.AspNetCore.Connections;

namespace EdgeShelf.Web;

/// <summary>Limits the connections of each remote address, so that one host cannot take all of them. A connection above the limit is closed at once.</summary>
sealed class ConnectionLimit
{
    public const int PerAddress = 20;

    /// <summary>Limit for a loopback address. It is higher, because a proxy on the device opens the connections of all its clients from one address.</summary>
    public const int PerLoopbackAddress = 50;

    readonly Dictionary<IPAddress, int> _open = [];
    readonly Lock _lock = new();

    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        IPAddress address = ClientAddress.KeyOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryOpen(address))
        {
            await connection.Transport.Input.CompleteAsync();
            await connection.Transport.Output.CompleteAsync();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Close(address);
        }
    };

    bool TryOpen(IPAddress address)
    {
        lock (_lock)
        {
            int open = _open.GetValueOrDefault(address);
            if (open >= (IPAddress.IsLoopback(address) ? PerLoopbackAddress : PerAddress))
                return false;
            _open[address] = open + 1;
            return true;
        }
    }

    void Close(IPAddress address)
    {
        lock (_lock)
        {
            if (--_open[address] == 0)
                _open.Remove(address);
        }
    }
}
