using EdgeShelf.Publish;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish;

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
    [InlineData("mqtts", false)]
    [InlineData("mqtts", true)]
    [InlineData("wss", false)]
    public async Task APinnedAuthorityLetsTheBrokerIn(string scheme, bool rsa)
    {
        (string certificate, string key) = _authority.Issue(_folder.Path, "broker", rsa: rsa);
        using Mosquitto broker = StartBroker(certificate, key, scheme == "wss" ? "protocol websockets" : "");
        await using Publisher publisher = Connect(broker, scheme).Start();
        publisher.Capture();

        await publisher.ConnectedAsync();
        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), "delivered");
    }

    [Fact]
    public async Task WithoutTlsAWebSocketWorksToo()
    {
        using Mosquitto broker = Mosquitto.Start("listener {port} 127.0.0.1\nprotocol websockets\nallow_anonymous true");
        await using Publisher publisher = new Publisher($"ws://127.0.0.1:{broker.Port}/mqtt").Start();
        publisher.Capture();

        await Wait.UntilAsync(() => publisher.Outbox.Depth.Messages == 0, TimeSpan.FromSeconds(20), "delivered");
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
        Assert.Contains(publisher.Log.Lines, line => line.Contains("certificate (Publish:ClientCertificateFile) ends on", StringComparison.Ordinal));
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
