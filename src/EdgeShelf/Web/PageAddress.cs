using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EdgeShelf.Web;

/// <summary>The addresses under which other machines reach the page.</summary>
static class PageAddress
{
    /// <summary>avahi-daemon(8), which answers for NAME.local, has this socket.</summary>
    const string MulticastDns = "/run/avahi-daemon/socket";

    /// <summary>Returns the addresses, the one to show first. Without a name service for `.local` the IP addresses come first.</summary>
    public static IReadOnlyList<Uri> Of(WebOptions options, int port) => Of(options, port, Environment.MachineName, File.Exists(MulticastDns), Ipv4Addresses());

    /// <param name="hasMulticastDns">Whether other machines can resolve `.local` names of this one.</param>
    /// <param name="addresses">The IPv4 addresses of this machine.</param>
    public static IReadOnlyList<Uri> Of(WebOptions options, int port, string machine, bool hasMulticastDns, IEnumerable<IPAddress> addresses)
    {
        string scheme = options.CertificateFile is null ? "http" : "https";
        IPAddress listen = options.ListenAddress;
        if (IPAddress.IsLoopback(listen))
            return [At(listen.ToString())];
        bool all = listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any);
        Uri[] numbers = [.. (all ? addresses : [listen]).Select(address => At(address.ToString()))];
        Uri name = At($"{machine}.local");
        return hasMulticastDns || numbers.Length == 0 ? [name, .. numbers] : [.. numbers, name];

        Uri At(string host) => new UriBuilder(scheme, host, port).Uri;
    }

    /// <summary>The address of the login with the code filled in, for a QR code.</summary>
    public static Uri WithCode(Uri page, string code) => new(page, string.Create(CultureInfo.InvariantCulture, $"{LoginEndpoints.Path}?code={code}"));

    static IEnumerable<IPAddress> Ipv4Addresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(address => address.Address)
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))];
        }
        catch (NetworkInformationException)
        {
            // Without the list the name remains.
            return [];
        }
    }
}
