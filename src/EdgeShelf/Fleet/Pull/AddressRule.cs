using System.Net;
using System.Net.Sockets;

namespace EdgeShelf.Fleet.Pull;

/// <summary>
/// Decides from which addresses a device downloads. A document must not make it ask programs of its own, neighbours that have no configured
/// address, or the metadata service of a cloud, which gives credentials to whoever asks.
/// </summary>
static class AddressRule
{
    /// <summary>Metadata services that do not have a link-local address: Alibaba Cloud, and Amazon EC2 over IPv6.</summary>
    static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("fd00:ec2::254")];

    /// <summary>The prefix of NAT64 (RFC 6052), behind which an IPv4 address follows.</summary>
    static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Blocks of RFC 6890 and of multicast that are not computers in a network. Private addresses are allowed: a shop's file server has one.</summary>
    static readonly IPNetwork[] Local =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/128"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    public static bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return Allows(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address))
            return Allows(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        IPAddress plain = address.ScopeIdOrZero() == 0 ? address : new IPAddress(address.GetAddressBytes());
        return !Metadata.Contains(plain) && !Local.Any(block => block.BaseAddress.AddressFamily == plain.AddressFamily && block.Contains(plain));
    }

    static long ScopeIdOrZero(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
