using System.Security.Cryptography.X509Certificates;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Broker;

/// <summary>TLS against a real mosquitto: what is right connects, what is wrong is refused and named, and results wait.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    readonly TemporaryFolder _folder = new();
    readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APinnedAuthorityLetsTheBrokerIn(bool rsa)
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker", rsa: rsa);
        using Mosquitto broker = StartBroker(certificate, key);
        await using Publisher publisher = Connect(broker, "mqtts").Start();
        publisher.Capture();

        await publisher.ConnectedAsync();
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), "delivered");
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task AWebSocketWorksWithAndWithoutTls(string scheme)
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker");
        using X509Certificate2 issued = X509Certificate2.CreateFromPemFile(certificate, key);
        using Mosquitto broker = Mosquitto.Start();
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, scheme == "wss" ? issued : null);
        await using Publisher publisher = new Publisher($"{scheme}://localhost:{relay.Port}/mqtt", options => options.CaFile = Root).Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), $"delivered; {publisher.Status.Now.BrokerProblem}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientCertificateWithAnIntermediateIsAcceptedByABrokerThatKnowsTheRoot(bool rsa)
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker");
        using TestAuthority intermediate = _authority.Intermediate();
        (string ours, string oursKey) = intermediate.Issue(_folder.Path, "shelf-07", rsa: rsa);
        using Mosquitto broker = StartBroker(certificate, key, $"cafile {Root}\nrequire_certificate true\nuse_identity_as_username true");
        await using Publisher publisher = Connect(broker, "mqtts", options => (options.ClientCertificateFile, options.ClientKeyFile) = (ours, oursKey)).Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), $"delivered; {publisher.Status.Now.BrokerProblem}");
    }

    [Theory]
    [InlineData("wrong CA")]
    [InlineData("wrong host name")]
    [InlineData("expired on")]
    [InlineData("not yet valid")]
    public async Task AWrongCertificateIsRefusedWithTheReasonAndResultsWait(string reason)
    {
        using TestAuthority stranger = new("A stranger");
        (string certificate, string key) = (reason == "wrong CA" ? stranger : _authority).Issue(
            _folder.Path, "broker",
            host: reason == "wrong host name" ? "other.example" : "localhost",
            from: reason == "not yet valid" ? Now.AddDays(10) : Now.AddDays(-20),
            to: reason == "expired on" ? Now.AddDays(-10) : Now.AddDays(20));
        using Mosquitto broker = StartBroker(certificate, key);
        await using Publisher publisher = Connect(broker, "mqtts").Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains(reason, StringComparison.Ordinal)), TimeSpan.FromSeconds(30), $"told; {publisher.Status.Now.BrokerProblem}");
        Assert.False(publisher.Status.Now.BrokerConnected);
        Assert.Equal(1, publisher.Outbox.Depth.Messages);
    }

    [Fact]
    public async Task ACertificateMendedInPlaceIsUsedWithoutARestart()
    {
        using TestAuthority stranger = new("A stranger");
        string pinned = _folder.File("pinned.crt");
        stranger.WriteCertificate(pinned);
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker");
        using Mosquitto broker = StartBroker(certificate, key);
        await using Publisher publisher = Connect(broker, "mqtts", options => options.CaFile = pinned).Start();
        publisher.Capture();
        await Wait.UntilAsync(() => publisher.Log.Lines.Any(line => line.Contains("wrong CA", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "refused");

        _authority.WriteCertificate(pinned);

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(35), "delivered");
    }

    [Fact]
    public async Task ThirtyDaysBeforeTheEndOfOurCertificateALogLineAndAnEventWarn()
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker");
        (string ours, string oursKey) = _authority.Issue(_folder.Path, "shelf-07", to: Now.AddDays(29));
        using Mosquitto broker = StartBroker(certificate, key);
        await using Publisher publisher = Connect(broker, "mqtts", options => (options.ClientCertificateFile, options.ClientKeyFile) = (ours, oursKey)).Start();

        await publisher.ConnectedAsync();
        Assert.Contains(publisher.Log.Lines, line => line.Contains("certificate (Publish:ClientCertificateFile) expires on", StringComparison.Ordinal));
        using OutboxInspector sent = OutboxInspector.Open(publisher.Folder);
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0 && sent.Counter("next_seq") == 2, "the event is committed and sent");
    }

    /// <summary>It is asked at each state, and reading certificates takes memory outside the managed heap.</summary>
    [Fact]
    public void OurCertificateIsReadAgainOnlyWhenItsFileHasChanged()
    {
        (string ours, string oursKey) = _authority.Issue(_folder.Path, "shelf-07", to: Now.AddDays(29));
        BrokerTls tls = new(new PublishOptions { ClientCertificateFile = ours, ClientKeyFile = oursKey }, TimeProvider.System);
        DateTimeOffset? ends = tls.ExpiresSoon();
        Assert.NotNull(ends);
        DateTime stamp = File.GetLastWriteTimeUtc(ours);

        File.WriteAllText(ours, "rubbish");
        File.SetLastWriteTimeUtc(ours, stamp);
        Assert.Equal(ends, tls.ExpiresSoon());

        File.SetLastWriteTimeUtc(ours, stamp.AddSeconds(1));
        Assert.Null(tls.ExpiresSoon());
    }

    /// <summary>A broker that shares port 443 with others finds itself by this name.</summary>
    [Theory]
    [InlineData("mqtt")]
    [InlineData("")]
    public async Task TheProtocolNameOfTlsIsSentWhereItIsSet(string alpn)
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker");
        using X509Certificate2 issued = X509Certificate2.CreateFromPemFile(certificate, key);
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using Publisher publisher = new Publisher(
            $"mqtts://localhost:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}", options => (options.CaFile, options.Alpn) = (Root, alpn)).Start();

        using System.Net.Sockets.TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using System.Net.Security.SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsServerAsync(
            new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = issued, ApplicationProtocols = [new("http/1.1"), new("mqtt")] }, TestContext.Current.CancellationToken);

        Assert.Equal(alpn, stream.NegotiatedApplicationProtocol.ToString());
    }

    string Root => _authority.WriteCertificate(_folder.File("root.crt"));

    static Mosquitto StartBroker(string certificate, string key, string more = "") =>
        Mosquitto.Start($"listener {{port}} 127.0.0.1\nallow_anonymous true\ncertfile {certificate}\nkeyfile {key}\n{more}");

    Publisher Connect(Mosquitto broker, string scheme, Action<PublishOptions>? configure = null) => new(
        $"{scheme}://localhost:{broker.Port}",
        options =>
        {
            options.CaFile = Root;
            configure?.Invoke(options);
        });
}
