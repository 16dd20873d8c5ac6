using System.Net;
using System.Net.Sockets;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// Ports of loopback for servers that tests start, stop and bring back. They lie below the range from which Linux gives ports to
/// clients and to servers that ask for any, so nothing else takes one while its server is down; the same process gets each once.
/// </summary>
static class FreePort
{
    const int First = 10_000;
    const int Count = 22_000;

    // Two test processes at once start far apart.
    static int _last = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (int tried = 0; tried < Count; tried++)
        {
            int port = First + (Interlocked.Increment(ref _last) % Count);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Some server of this machine has it.
            }
        }
        throw new InvalidOperationException($"No port of {First} to {First + Count - 1} is free.");
    }
}
