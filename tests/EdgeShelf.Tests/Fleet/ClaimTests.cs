using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Claim;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>The real program with the credentials of a claim, mosquitto with its dynamic security plugin, and the issuing script of the samples.</summary>
public sealed class ClaimTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromMinutes(3);
    static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(15);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet", "mosquitto");

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _programs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ADeviceGetsCredentialsOfItsOwnAndKeepsThemAndTheClaimMayDoNothingElse()
    {
        using Mosquitto broker = StartBroker();
        string claim = Script("claim.sh", Admin(broker));
        _folder.Write("list", "another store9-09 rest\nshelf-of-the-card store1-01 canary\n");
        Process issuer = _programs.Start("issuer: ", [Path.Combine(Samples, "issue.sh"), _folder.File("list"), _folder.File("issued"), .. Admin(broker)]);
        string spy = $"spy-{Guid.NewGuid():N}";
        foreach (string topic in (string[])["edgeshelf/_claim/+/answer", "edgeshelf/_claim/#", "edgeshelf/#", "#", "edgeshelf/_claim/+/request"])
            _programs.Start("spy ", ["mosquitto_sub", "-h", "127.0.0.1", "-p", Port(broker), "-V", "5", "-u", "claim", "-P", claim, "-i", $"{spy}{topic.Length}", "-q", "1", "-t", topic, "-v"]);
        _programs.Start("admin ", ["mosquitto_sub", .. Admin(broker), "-t", "edgeshelf/#", "-v"]);
        string config = Configure(broker, claim);

        using (EdgeShelfProcess first = EdgeShelfProcess.Start(_folder.Path, "run", "--config", config))
            Assert.Equal(0, first.WaitForExit());
        Assert.Contains("issuer: issued: shelf-of-the-card is store1-01 of canary", _programs.Text, StringComparison.Ordinal);
        Schemas.AssertMessage("claimRequest", OfAdmin("/request"));
        Schemas.AssertMessage("claimAnswer", OfAdmin("/answer"));
        string secret = (await File.ReadAllTextAsync(_folder.File("fleet/issued-password"), Cancellation)).Trim();

        foreach (string topic in (string[])["edgeshelf/store1-01/result", "edgeshelf/store1-01/desired", "edgeshelf/_group/canary/desired", $"edgeshelf/_claim/{Guid.NewGuid()}/answer"])
            BackgroundPrograms.Run(null, "mosquitto_pub", "-h", "127.0.0.1", "-p", Port(broker), "-V", "5", "-q", "1", "-u", "claim", "-P", claim, "-t", topic, "-m", "forged");
        // Two starts: what was issued is on disk.
        for (int start = 0; start < 2; start++)
        {
            int before = Online();
            using EdgeShelfProcess own = EdgeShelfProcess.Start(_folder.Path, "run", "--config", config);
            await Wait.UntilAsync(() => Online() > before && Reported().Any(), Within, $"the device is online as store1-01: {own.Output}");
            Assert.Equal(0, own.Terminate());
        }

        Assert.Contains("\"group\":\"canary\"", Reported().Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("forged", _programs.Text, StringComparison.Ordinal);
        // Only the wildcard of the requests' own topic could have been heard, and it is not allowed to be read.
        Assert.DoesNotContain(_programs.Lines, line => line.StartsWith("spy edgeshelf/", StringComparison.Ordinal));
        Assert.DoesNotContain(secret, _programs.Text, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("fleet/issued-password")));
        End(issuer);

        string OfAdmin(string topic) => _programs.Lines.First(line => line.StartsWith("admin edgeshelf/_claim/", StringComparison.Ordinal) && line.Contains($"{topic} ", StringComparison.Ordinal)).Split(' ', 3)[2];
        IEnumerable<string> Reported() => _programs.Lines.Where(line => line.StartsWith("admin edgeshelf/store1-01/reported", StringComparison.Ordinal));
        int Online() => _programs.Lines.Count(line => line == "admin edgeshelf/store1-01/availability online");
    }

    [Fact]
    public async Task ADeviceThatIsNotOnTheListOrSaysTheNumberOfAnotherIsRefusedAndAskingTwiceGetsTheSame()
    {
        using Mosquitto broker = StartBroker();
        string claim = Script("claim.sh", Admin(broker));
        _folder.Write("list", "shelf-of-the-card store1-01 canary\n");
        Process issuer = _programs.Start("issuer: ", [Path.Combine(Samples, "issue.sh"), _folder.File("list"), _folder.File("issued"), .. Admin(broker)]);
        using RSA key = RSA.Create(3072), thief = RSA.Create(3072);

        JsonElement first = await AskAsync(broker, claim, "shelf-of-the-card", key);
        JsonElement again = await AskAsync(broker, claim, "shelf-of-the-card", key);
        JsonElement stolen = await AskAsync(broker, claim, "shelf-of-the-card", thief);
        JsonElement unknown = await AskAsync(broker, claim, "shelf-of-nobody", thief);
        JsonElement strange = await AskAsync(broker, claim, "$(touch x)\\n;", thief);

        ClaimAnswer answer = ClaimAnswer.Read(Encoding.UTF8.GetBytes(first.GetRawText()), key);
        Assert.Equal(("store1-01", "canary", 32), (answer.Device, answer.Group, answer.Password.Length));
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Schemas.AssertMessage("claimAnswer", stolen.GetRawText());
        Assert.Contains("already, with another key", stolen.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("does not have this device", unknown.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Contains("does not have this device", strange.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Throws<FleetException>(() => ClaimAnswer.Read(Encoding.UTF8.GetBytes(first.GetRawText()), thief));
        Assert.Equal(["shelf-of-the-card.json"], Directory.GetFiles(_folder.File("issued")).Select(Path.GetFileName));
        End(issuer);
    }

    [Theory]
    [InlineData("", "cannot be used")]
    [InlineData("[]", "cannot be used")]
    [InlineData("""{ "device": "a/b", "password": "AAAA" }""", "device and group must be")]
    [InlineData("""{ "device": "a", "group": "#", "password": "AAAA" }""", "device and group must be")]
    [InlineData("""{ "device": "a", "password": "AAAA" }""", "cannot be used")]
    [InlineData("""{ "device": "a" }""", "cannot be used")]
    [InlineData("""{ "problem": "The list does not have this device." }""", "The list does not have this device.")]
    public void AnAnswerThatIsNoneSaysWhy(string answer, string problem)
    {
        using RSA key = RSA.Create(2048);

        Assert.Contains(problem, Assert.Throws<FleetException>(() => ClaimAnswer.Read(Encoding.UTF8.GetBytes(answer), key)).Message, StringComparison.Ordinal);
    }

    static Mosquitto StartBroker()
    {
        string? plugin = new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu" }.Select(folder => Path.Combine(folder, "mosquitto_dynamic_security.so")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(plugin is not null && ProgramsOnPath.Find("mosquitto_rr") is not null, "mosquitto's dynamic security plugin or mosquitto_rr is not installed.");
        Assert.SkipUnless(ProgramsOnPath.Find("jq") is not null && ProgramsOnPath.Find("openssl") is not null, "jq or openssl is not installed.");
        Mosquitto broker = Mosquitto.Start($"allow_anonymous false\nplugin {plugin}\nplugin_opt_config_file {{folder}}/dynamic-security.json", started: false);
        BackgroundPrograms.Run(null, "mosquitto_ctrl", "dynsec", "init", Path.Combine(broker.Folder, "dynamic-security.json"), "admin", "admin-secret");
        broker.Start();
        return broker;
    }

    string Configure(Mosquitto broker, string claim)
    {
        Directory.CreateDirectory(_folder.File("pictures"));
        return _folder.Write("edgeshelf.json", JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, object>>
        {
            ["Capture"] = new() { ["Folder"] = new Dictionary<string, string> { ["Path"] = _folder.File("pictures") }, ["Interval"] = "0" },
            ["Models"] = new() { ["Name"] = TinyModel.Name, ["Trained"] = TinyModel.WriteTo(_folder.File("models")) },
            ["Publish"] = new() { ["Device"] = "shelf-of-the-card", ["Broker"] = broker.Uri, ["UserName"] = "claim", ["PasswordFile"] = _folder.Write("claim-password", claim + "\n") },
            ["Fleet"] = new() { ["Claim"] = true },
            ["Web"] = new() { ["Enabled"] = false },
        }));
    }

    /// <summary>Asks as a device does, and repeats it at long intervals until the issuer listens: it answers one request after the other.</summary>
    async Task<JsonElement> AskAsync(Mosquitto broker, string claim, string device, RSA key)
    {
        string topic = $"edgeshelf/_claim/{Guid.NewGuid()}";
        using BackgroundPrograms answers = new();
        answers.Start("", ["mosquitto_sub", "-h", "127.0.0.1", "-p", Port(broker), "-V", "5", "-u", "claim", "-P", claim, "-q", "1", "-t", $"{topic}/answer"]);
        string request = JsonSerializer.Serialize(new { schema = 1, device, key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) });
        long? askedAt = null;
        await Wait.UntilAsync(
            () =>
            {
                if (askedAt is null || TimeProvider.System.GetElapsedTime(askedAt.Value) > AskEvery)
                {
                    askedAt = TimeProvider.System.GetTimestamp();
                    BackgroundPrograms.Run(null, "mosquitto_pub", "-h", "127.0.0.1", "-p", Port(broker), "-V", "5", "-q", "1", "-u", "claim", "-P", claim, "-t", $"{topic}/request", "-m", request);
                }
                return answers.Lines.Count > 0;
            },
            Within, $"an answer for {device}; {_programs.Text}");
        return JsonDocument.Parse(answers.Lines[0]).RootElement;
    }

    /// <summary>With its subscriber.</summary>
    static void End(Process issuer)
    {
        issuer.Kill(entireProcessTree: true);
        issuer.WaitForExit();
    }

    static string Script(string name, params string[] arguments)
    {
        (int exitCode, string output, string errors) = BackgroundPrograms.Run(null, [Path.Combine(Samples, name), .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output.Trim();
    }

    static string[] Admin(Mosquitto broker) => ["-h", "127.0.0.1", "-p", Port(broker), "-u", "admin", "-P", "admin-secret"];

    static string Port(Mosquitto broker) => broker.Port.ToString(CultureInfo.InvariantCulture);
}
