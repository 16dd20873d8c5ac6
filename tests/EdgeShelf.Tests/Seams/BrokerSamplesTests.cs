using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The configurations of mosquitto in scripts/samples, put beside Debian's own, with real brokers and certificates.</summary>
public sealed class BrokerSamplesTests : IDisposable
{
    /// <summary>What Debian's /etc/mosquitto/mosquitto.conf sets before it reads conf.d.</summary>
    const string OfDebian = "persistence true\npersistence_location {folder}/\n";

    const string Everything = "\nuser tester\ntopic readwrite #\n";

    static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples");

    readonly TemporaryFolder _folder = new();
    readonly TestAuthority _ofShop = new("A shop");
    readonly TestAuthority _ofChain = new("A chain");

    public void Dispose()
    {
        _ofShop.Dispose();
        _ofChain.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("certificate")]
    [InlineData("password")]
    public async Task ThroughTheBridgeResultsReachTheChainAndWhatIsWantedReachesTheShopAlsoAfterAnOutage(string identity)
    {
        using Mosquitto chain = Chain(identity);
        using Mosquitto shop = Shop(chain.Port, identity);
        chain.Start();
        string[] ofChain = identity == "certificate"
            ? ["--cafile", File("chain-ca.pem"), "--cert", File("tester.crt"), "--key", File("tester.key")]
            : ["--cafile", File("chain-ca.pem"), "-u", "tester", "-P", "secret"];
        string[] ofShop = ["--cafile", File("ca.pem"), "-u", "tester", "-P", "secret"];
        MosquittoPub.Publish(chain, "edgeshelf/shelf-99/desired", """{"version":"of another shop"}""", retain: true, ofChain);
        MosquittoPub.Publish(chain, "edgeshelf/shelf-07/desired", """{"version":"1"}""", retain: true, ofChain);
        using MosquittoSub above = await MosquittoSub.StartAsync(chain, "#", session: "backend", more: ofChain);
        shop.Start();
        using MosquittoSub below = await MosquittoSub.StartAsync(shop, "edgeshelf/#", more: ofShop);
        await using Publisher device = new Publisher($"mqtts://127.0.0.1:{shop.Port}", options =>
            (options.CaFile, options.UserName, options.PasswordFile) = (File("ca.pem"), "shelf-07", _folder.Write("password", "secret\n"))).Start();

        device.Capture();
        await above.UntilAsync(seen => seen.Seqs().Contains(1) && seen.On("/availability").Any(), "a result at the chain", 90);
        await below.UntilAsync(seen => seen.On("/desired").Any(), "what is wanted at the shop", 90);
        MosquittoPub.Publish(chain, "edgeshelf/shelf-07/request/interval", "5", false, ofChain);
        await above.UntilAsync(seen => seen.On("/response/interval").Any(), "the answer of the device", 90);

        // The chain's broker is away, and the shop's is restarted meanwhile.
        chain.Stop();
        device.Capture();
        await Wait.UntilAsync(() => device.Outbox.Depth.Messages == 0, Within, $"the shop's broker took it; {device.Status.Now.BrokerProblem}");
        shop.Stop();
        device.Capture();
        shop.Start();
        await Wait.UntilAsync(() => device.Outbox.Depth.Messages == 0, Within, $"the shop's broker took it again; {device.Status.Now.BrokerProblem}");
        chain.Start();
        await above.UntilAsync(seen => seen.Seqs().Distinct().Count() == 3, "what waited", 90);
        Assert.Equal([1, 2, 3], above.Seqs().Distinct());

        // And the other way.
        shop.Stop();
        await above.UntilAsync(seen => seen.Seen.Last(message => message.Topic == "shops/shop-42/connected").Payload == "0", "that the shop is away", 90);
        MosquittoPub.Publish(chain, "edgeshelf/shelf-07/desired", """{"version":"2"}""", retain: true, ofChain);
        shop.Start();
        await below.UntilAsync(seen => seen.On("shelf-07/desired").Any(message => message.Payload.Contains('2', StringComparison.Ordinal)), "the new wish at the shop", 90);
        using MosquittoSub late = await MosquittoSub.StartAsync(shop, "edgeshelf/shelf-07/desired", more: ofShop);
        await late.UntilAsync(seen => seen.On("/desired").Any(message => message.Retained && message.Payload.Contains('2', StringComparison.Ordinal)), "it is retained at the shop");
        Assert.DoesNotContain(below.Seen, message => message.Topic.Contains("shelf-99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MosquittoTakesTheFleetsConfigurationBesideDebiansOwn()
    {
        IssueTo("server", "ca.pem", _ofShop);
        using Mosquitto broker = Mosquitto.Start(OfDebian + Of("fleet/mosquitto/fleet.conf"), started: false);
        Passwords(broker.Folder, "backend");
        await System.IO.File.WriteAllTextAsync(Path.Combine(broker.Folder, "fleet.acl"), Of("fleet/mosquitto/fleet.acl") + Everything, Cancellation);

        broker.Start();

        string certificate = File("ca.pem");
        (int exitCode, _, string errors) = BackgroundPrograms.Run(
            null, "mosquitto_pub", "-h", "127.0.0.1", "-p", $"{broker.Port}", "--cafile", certificate, "-u", "backend", "-P", "secret", "-q", "1", "-t", "edgeshelf/shelf-07/request/status", "-n");
        Assert.True(exitCode == 0, errors);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    Mosquitto Chain(string identity)
    {
        IssueTo("chain", "chain-ca.pem", _ofChain);
        (string certificate, _) = _ofChain.Issue(_folder.Path, "shop-42");
        System.IO.File.Move(certificate, File("shop-42.pem"));
        _ofChain.Issue(_folder.Path, "tester");
        string settings = Of("mosquitto/chain.conf");
        if (identity == "password")
            settings = Replaced(settings, "require_certificate true\nuse_identity_as_username true", "allow_anonymous false\npassword_file {folder}/passwords");
        Mosquitto broker = Mosquitto.Start(OfDebian + settings, started: false);
        Passwords(broker.Folder, "shop-42", "tester");
        System.IO.File.WriteAllText(Path.Combine(broker.Folder, "chain.acl"), Of("mosquitto/chain.acl") + Everything);
        return broker;
    }

    Mosquitto Shop(int chain, string identity)
    {
        IssueTo("server", "ca.pem", _ofShop);
        string bridge = Replaced(Of("mosquitto/bridge.conf"), "mqtt.chain.example:8883", $"127.0.0.1:{chain}");
        // Sooner than people need it.
        bridge = Replaced(bridge, "restart_timeout 5 60", "restart_timeout 1 2");
        if (identity == "password")
        {
            bridge = string.Join('\n', bridge.Split('\n').Where(line => !line.StartsWith("bridge_certfile", StringComparison.Ordinal) && !line.StartsWith("bridge_keyfile", StringComparison.Ordinal)));
            bridge = Replaced(Replaced(bridge, "#remote_username", "remote_username"), "#remote_password SECRET", "remote_password secret");
        }
        Mosquitto broker = Mosquitto.Start(OfDebian + Of("mosquitto/shop.conf") + bridge, started: false);
        Passwords(broker.Folder, "shelf-07", "tester");
        System.IO.File.WriteAllText(Path.Combine(broker.Folder, "shop.acl"), Of("mosquitto/shop.acl") + Everything);
        return broker;
    }

    /// <summary>A sample's text, with the paths of this test.</summary>
    string Of(string sample) => System.IO.File.ReadAllText(Path.Combine(Samples, sample))
        .Replace("/etc/mosquitto/certs", _folder.Path, StringComparison.Ordinal).Replace("/etc/mosquitto/", "{folder}/", StringComparison.Ordinal)
        .Replace("listener 8883", "listener {port} 127.0.0.1", StringComparison.Ordinal);

    void IssueTo(string name, string authorityFile, TestAuthority authority)
    {
        authority.WriteCertificate(File(authorityFile));
        (string certificate, _) = authority.Issue(_folder.Path, name, host: "127.0.0.1");
        System.IO.File.Move(certificate, File($"{name}.pem"));
    }

    static void Passwords(string folder, params string[] users)
    {
        foreach (string user in users)
        {
            string file = Path.Combine(folder, "passwords");
            string[] create = System.IO.File.Exists(file) ? [] : ["-c"];
            (int exitCode, string output, string errors) = BackgroundPrograms.Run(null, ["mosquitto_passwd", .. create, "-b", file, user, "secret"]);
            Assert.True(exitCode == 0, output + errors);
        }
    }

    static string Replaced(string text, string part, string by)
    {
        Assert.Contains(part, text, StringComparison.Ordinal);
        return text.Replace(part, by, StringComparison.Ordinal);
    }

    string File(string name) => _folder.File(name);
}
