using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Onvif;

namespace EdgeShelf.Tests.Capture.Onvif;

public sealed class OnvifDiscoveryTests
{
    const string Match = """
        <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Body><d:ProbeMatches><d:ProbeMatch>
        <d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/Shop%20Cam</d:Scopes>
        <d:XAddrs>http://[fe80::1]/onvif/device_service http://192.0.2.7:2020/onvif/device_service?x=1</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>
        """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACameraThatAnswersIsFoundOnceAndRubbishIsPassedOver()
    {
        using Socket camera = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        camera.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task<string> answering = AnswerAsync(camera);

        IReadOnlyList<FoundCamera> found = await new OnvifDiscovery(TimeProvider.System, (IPEndPoint)camera.LocalEndPoint!).FindAsync(Cancellation);

        Assert.Contains("Probe", await answering, StringComparison.Ordinal);
        Assert.Equal(new FoundCamera("onvif", "http://127.0.0.1/onvif/device_service", "Shop Cam"), Assert.Single(found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("<!DOCTYPE x []><x/>")]
    [InlineData("<x/>")]
    public void WhatIsNoAnswerOfACameraIsNone(string answer) => Assert.Null(OnvifDiscovery.CameraIn(Encoding.UTF8.GetBytes(answer), IPAddress.Loopback));

    [Fact]
    public void AnAddressWithoutHttpIsNone() =>
        Assert.Null(OnvifDiscovery.CameraIn(Encoding.UTF8.GetBytes(Match.Replace("http://[fe80::1]", "ftp://x", StringComparison.Ordinal).Replace("http://192", "file://192", StringComparison.Ordinal)), IPAddress.Loopback));

    static async Task<string> AnswerAsync(Socket camera)
    {
        byte[] question = new byte[65_536];
        SocketReceiveFromResult asked = await camera.ReceiveFromAsync(question, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Cancellation);
        foreach (string answer in (string[])["rubbish", "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", Match, Match])
            await camera.SendToAsync(Encoding.UTF8.GetBytes(answer), asked.RemoteEndPoint, Cancellation);
        return Encoding.UTF8.GetString(question, 0, asked.ReceivedBytes);
    }
}
