using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Onvif;

/// <summary>
/// Finds network cameras by WS-Discovery: a question to everybody in the local network, by IPv4 multicast, and the answers that come within two
/// seconds. An answer may come from anybody, so only the address of its sender is used.
/// </summary>
/// <param name="target">Where the question goes; tests use another address.</param>
sealed class OnvifDiscovery(TimeProvider clock, IPEndPoint? target = null)
{
    /// <summary>The address and the port of WS-Discovery.</summary>
    public static readonly IPEndPoint Everybody = new(IPAddress.Parse("239.255.255.250"), 3702);

    /// <summary>How long answers are awaited.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    const int MaxCameras = 64, MaxDatagrams = 1000, MaxDatagramBytes = 65_536;
    const string NameScope = "onvif://www.onvif.org/name/";

    static readonly XNamespace Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    static readonly XNamespace Discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";

    readonly IPEndPoint _target = target ?? Everybody;

    /// <returns>The cameras that answered, by their addresses. A machine without a network finds none.</returns>
    public async Task<IReadOnlyList<FoundCamera>> FindAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        SortedDictionary<string, FoundCamera> found = new(StringComparer.Ordinal);
        await Task.WhenAll(OwnAddresses().Select(own => AskAsync(own, found, either.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. found.Values];
    }

    /// <summary>One address of each network: a question of the system's own choice would reach only one of them.</summary>
    IEnumerable<IPAddress> OwnAddresses() => IPAddress.IsLoopback(_target.Address)
        ? [IPAddress.Loopback]
        : NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network is { OperationalStatus: OperationalStatus.Up, SupportsMulticast: true } && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(network => network.GetIPProperties().UnicastAddresses.Select(address => address.Address).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork))
            .OfType<IPAddress>();

    async Task AskAsync(IPAddress own, SortedDictionary<string, FoundCamera> found, CancellationToken limit)
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(own, 0));
            await socket.SendToAsync(Probe(), _target, limit);
            byte[] buffer = new byte[MaxDatagramBytes];
            for (int i = 0; i < MaxDatagrams; i++)
            {
                SocketReceiveFromResult answer = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), limit);
                if (CameraIn(buffer.AsMemory(0, answer.ReceivedBytes), ((IPEndPoint)answer.RemoteEndPoint).Address) is not { } camera)
                    continue;
                lock (found)
                {
                    if (found.Count < MaxCameras)
                        found[camera.Id] = camera;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The time is up, which is how each search ends.
        }
        catch (SocketException)
        {
            // A network that takes no multicast has no cameras that can be found; the others are searched all the same.
        }
    }

    /// <summary>The camera of an answer, or null if it is not an answer of a camera.</summary>
    /// <param name="sender">Who sent it. Cameras name addresses of other networks, too.</param>
    public static FoundCamera? CameraIn(ReadOnlyMemory<byte> answer, IPAddress sender)
    {
        XElement? match;
        try
        {
            match = SoapMessage.Read(answer).Descendants(Discovery + "ProbeMatch").FirstOrDefault();
        }
        catch (XmlException)
        {
            return null;
        }
        string? told = Words(match?.Element(Discovery + "XAddrs")).FirstOrDefault(word => word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        if (told is null || !Uri.TryCreate(told, UriKind.Absolute, out Uri? address))
            return null;
        // Without a port of its own the camera is asked at the usual one.
        Uri here = new UriBuilder(address) { Host = sender.ToString(), Port = address.Port == 0 ? -1 : address.Port, UserName = "", Password = "", Query = "", Fragment = "" }.Uri;
        string? name = Words(match!.Element(Discovery + "Scopes")).FirstOrDefault(scope => scope.StartsWith(NameScope, StringComparison.OrdinalIgnoreCase));
        return new FoundCamera(OnvifCamera.Definition.Name, here.AbsoluteUri, name is null ? here.AbsoluteUri : PlainText.Shown(Uri.UnescapeDataString(name[NameScope.Length..]), 60));
    }

    static string[] Words(XElement? list) => list?.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The question for devices of the type that all network cameras with ONVIF have.</summary>
    static byte[] Probe()
    {
        XNamespace network = "http://www.onvif.org/ver10/network/wsdl";
        XElement envelope = new(
            SoapMessage.Envelope + "Envelope",
            new XElement(
                SoapMessage.Envelope + "Header",
                new XElement(Addressing + "Action", $"{Discovery.NamespaceName}/Probe"),
                new XElement(Addressing + "MessageID", $"uuid:{Guid.NewGuid()}"),
                new XElement(Addressing + "To", "urn:schemas-xmlsoap-org:ws:2005:04:discovery")),
            new XElement(
                SoapMessage.Envelope + "Body",
                new XElement(Discovery + "Probe", new XElement(Discovery + "Types", new XAttribute(XNamespace.Xmlns + "dn", network.NamespaceName), "dn:NetworkVideoTransmitter"))));
        return Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting));
    }
}
