using System.Net;
using System.Net.Sockets;

namespace EdgeShelf.Web;

/// <summary>Reduces a remote address to the part that a single host cannot change at will: the IPv4 address, or the /64 network of an IPv6 address.</summary>
static class ClientAddress
{
    const int Ipv6NetworkBytes = 8;

    public static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address;
        byte[] network = address.GetAddressBytes();
        Array.Clear(network, Ipv6NetworkBytes, network.Length - Ipv6NetworkBytes);
        return new IPAddress(network);
    }
}
