using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Cli;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Tests.Support;
using Json.Schema;

namespace EdgeShelf.Tests.Cli.Setup;

/// <summary>`setup --once`: a file on a card or a stick is taken once.</summary>
public sealed class AnswersOnceTests : IDisposable
{
    const string Answers = """{ "camera": "auto", "device": "shelf-07", "broker": { "address": "mqtts://broker", "user": "{device}", "password": "on the shelf" }, "group": "canary" }""";

    readonly TemporaryFolder _card = new();
    readonly TemporaryFolder _etc = new();

    public void Dispose()
    {
        _card.Dispose();
        _etc.Dispose();
    }

    string Card => _card.File("edgeshelf-setup.json");

    string Settings => _etc.File("edgeshelf.json");

    [Fact]
    public async Task TheFileIsTakenOnceAndThenGone()
    {
        _card.Write("edgeshelf-setup.json", Answers);

        (int exitCode, string output, string errors) = await OnceAsync();

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        JsonElement written = Written();
        Assert.Equal(("shelf-07", "shelf-07", "canary"), (Text(written, "Publish", "Device"), Text(written, "Publish", "UserName"), Text(written, "Fleet", "Group")));
        Assert.Equal("on the shelf\n", File.ReadAllText(_etc.File("mqtt-password")));
        Assert.Empty(Directory.GetFiles(_card.Path));
        Assert.DoesNotContain("on the shelf", output + errors + File.ReadAllText(Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatCouldNotBeDeletedIsNotTakenAgain()
    {
        _card.Write("edgeshelf-setup.json", Answers);
        await OnceAsync();
        File.WriteAllText(Settings, """{ "Publish": { "Device": "changed-by-hand" } }""");
        // As a card that can only be read brings it again.
        _card.Write("edgeshelf-setup.json", Answers);

        (int exitCode, string output, _) = await OnceAsync();

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("was taken already", output, StringComparison.Ordinal);
        Assert.Equal("changed-by-hand", Text(Written(), "Publish", "Device"));
        Assert.Empty(Directory.GetFiles(_card.Path));
    }

    [Fact]
    public async Task ACardThatCanOnlyBeReadIsSaidSoAndTakenOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && ProgramsOnPath.Find("unshare") is not null, "unshare(1) needs root.");
        _card.Write("edgeshelf-setup.json", Answers);
        string command = $"mount --bind '{_card.Path}' '{_card.Path}' && mount -o remount,bind,ro '{_card.Path}' && '{EdgeShelfProcess.Program}' setup --no-restart --config '{Settings}' --once '{Card}'";

        (int first, string taken, string errors) = RunInPrivate(command);
        Assert.SkipWhen(errors.Contains("unshare", StringComparison.Ordinal) || errors.Contains("mount:", StringComparison.Ordinal), $"This machine allows no mount: {errors}");
        (int second, string again, _) = RunInPrivate(command);

        Assert.True((first, second) == (ExitCodes.Fine, ExitCodes.Fine), taken + errors + again);
        Assert.Contains("cannot be deleted", taken, StringComparison.Ordinal);
        Assert.Contains("was taken already", again, StringComparison.Ordinal);
        Assert.True(File.Exists(Card));
    }

    [Theory]
    [InlineData("""{ "device": "a/b" }""", "Publish:Device is 'a/b'")]
    [InlineData("""{ "kamera": "auto" }""", "kamera is not an answer")]
    [InlineData("{", "the file ends too early")]
    [InlineData("", "is empty")]
    [InlineData("""{ "broker": { "user": "u", "password": "on the shelf" } }""", "needed is an address")]
    [InlineData("""{ "broker": { "adress": "mqtts://b", "pasword": "on the shelf" } }""", "broker is a section with adress, pasword; needed is an address")]
    [InlineData("""{ "broker": ["on the shelf"] }""", "broker is a list")]
    [InlineData("""{ "broker": { "address": "mqtts://b", "ca": "none" } }""", "broker:ca is no PEM of certificates")]
    [InlineData("""{ "broker": { "address": "mqtts://b", "certificate": "none" } }""", "broker:key is missing")]
    [InlineData("""{ "broker": { "address": "mqtts://b", "password": "on the shelf", "password_file": "/dev/null" } }""", "broker:password and broker:password_file are both given")]
    [InlineData("""{ "fleet_key": "on the shelf" }""", "fleet_key has the line")]
    public async Task AWrongFileIsKeptWithTheReasonBesideItAndTheSettingsStay(string json, string reason)
    {
        _card.Write("edgeshelf-setup.json", json);
        _etc.Write("edgeshelf.json", "{ }");

        (int exitCode, string output, string errors) = await OnceAsync();

        Assert.True(exitCode == ExitCodes.BadUsage, output + errors);
        Assert.Equal(["edgeshelf-setup.json.refused", "edgeshelf-setup.json.refused.txt"], Directory.GetFiles(_card.Path).Select(Path.GetFileName).Order());
        Assert.Contains(reason, File.ReadAllText(Card + AnswersOnce.Reason), StringComparison.Ordinal);
        Assert.Contains($"{Card} is refused", output.Split('\n')[^2], StringComparison.Ordinal);
        Assert.Equal("{ }", File.ReadAllText(Settings));
        if (!json.Contains("fleet_key", StringComparison.Ordinal))
            Assert.DoesNotContain("on the shelf", output + errors + File.ReadAllText(Card + AnswersOnce.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasRefusedGoesWithTheFileThatIsTaken()
    {
        _card.Write("edgeshelf-setup.json", Answers.Replace("shelf-07", "a/b", StringComparison.Ordinal));
        await OnceAsync();
        Assert.Equal(2, Directory.GetFiles(_card.Path).Length);
        _card.Write("edgeshelf-setup.json", Answers);

        (int exitCode, string output, string errors) = await OnceAsync();

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Empty(Directory.GetFiles(_card.Path));
    }

    [Theory]
    [InlineData("folder", "it is a folder")]
    [InlineData("pipe", "it is a pipe")]
    [InlineData("link", "it is a link")]
    [InlineData("long", "it has 262145 bytes, and at most 262144 are read")]
    [InlineData("other encoding", "line 1, column 1: the byte 0xFF is not UTF-8; save the file as UTF-8 text")]
    public async Task AFileThatCannotBeReadIsKeptWithTheReasonBesideIt(string kind, string reason)
    {
        Make(kind);

        (int exitCode, string output, string errors) = await Task.Run(() => OnceAsync(), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(exitCode == ExitCodes.BadUsage, output + errors);
        Assert.Equal(["edgeshelf-setup.json.refused", "edgeshelf-setup.json.refused.txt"], Directory.GetFileSystemEntries(_card.Path).Select(Path.GetFileName).Where(name => name != "other").Order());
        Assert.Contains($"{Card}", File.ReadAllText(Card + AnswersOnce.Reason), StringComparison.Ordinal);
        Assert.Contains(reason, File.ReadAllText(Card + AnswersOnce.Reason), StringComparison.Ordinal);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings));
    }

    void Make(string kind)
    {
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(Card);
                break;
            case "pipe":
                Assert.Equal(0, BackgroundPrograms.Run(null, "mkfifo", Card).ExitCode);
                break;
            case "link":
                File.CreateSymbolicLink(Card, _card.Write("other", Answers));
                break;
            case "long":
                _card.Write("edgeshelf-setup.json", new string(' ', (256 << 10) + 1));
                break;
            default:
                File.WriteAllBytes(Card, [.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes(Answers)]);
                break;
        }
    }

    /// <summary>The reader has the card in a PC, and no terminal of the device.</summary>
    [Theory]
    [InlineData("""{ "device": "a/b" }""")]
    [InlineData("""{ "kamera": "auto" }""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task TheReasonSaysWhatToDoWithTheCard(string json)
    {
        _card.Write("edgeshelf-setup.json", json);

        await OnceAsync();

        string said = File.ReadAllText(Card + AnswersOnce.Reason);
        Assert.Contains("correct this in edgeshelf-setup.json.refused with a text editor, rename that file to edgeshelf-setup.json, and start the device with this card again", said, StringComparison.Ordinal);
        Assert.All(["run the command", "sudo", "Fix the", "Nothing was written"], ofTerminals => Assert.DoesNotContain(ofTerminals, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutAFileNothingHappens()
    {
        (int exitCode, string output, string errors) = await OnceAsync();

        Assert.Equal((ExitCodes.Fine, "", ""), (exitCode, output, errors));
        Assert.Empty(Directory.GetFiles(_etc.Path));
    }

    [Fact]
    public async Task WhatAPowerCutLeftOfATakenFileIsDeleted()
    {
        _card.Write("edgeshelf-setup.json.taken", "half");

        (int exitCode, _, _) = await OnceAsync();

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Empty(Directory.GetFiles(_card.Path));
    }

    [Fact]
    public async Task AStickSetsUpOnlyADeviceThatIsNew()
    {
        _card.Write("edgeshelf-setup.json", Answers);
        _etc.Write("edgeshelf.json", """{ "Publish": { "Broker": "mqtt://localhost" } }""");
        (int exitCode, string output, string errors) = await OnceAsync("--if-new");
        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Equal("shelf-07", Text(Written(), "Publish", "Device"));

        // The stick of somebody else.
        _card.Write("edgeshelf-setup.json", Answers.Replace("mqtts://broker", "mqtts://thief", StringComparison.Ordinal));
        (exitCode, output, _) = await OnceAsync("--if-new");

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("set up already", output, StringComparison.Ordinal);
        Assert.Equal("mqtts://broker", Text(Written(), "Publish", "Broker"));
        Assert.True(File.Exists(Card));
    }

    [Fact]
    public async Task CertificateAndKeyBecomeFilesAndTheKeyIsNotForAll()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=shelf-07", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
        JsonObject broker = new() { ["address"] = "mqtts://broker", ["ca"] = certificate.ExportCertificatePem(), ["certificate"] = certificate.ExportCertificatePem(), ["key"] = key.ExportPkcs8PrivateKeyPem() };
        _card.Write("edgeshelf-setup.json", new JsonObject { ["camera"] = "auto", ["broker"] = broker, ["fleet_key"] = key.ExportSubjectPublicKeyInfoPem() }.ToJsonString());

        (int exitCode, string output, string errors) = await OnceAsync();

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        JsonElement publish = Written().GetProperty("Publish");
        Assert.Equal(key.ExportPkcs8PrivateKeyPem() + "\n", File.ReadAllText(Text(publish, "ClientKeyFile")!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_etc.File("device-key.pem")));
        Assert.Equal(certificate.ExportCertificatePem() + "\n", File.ReadAllText(Text(publish, "CaFile")!));
        Assert.Equal(_etc.File("fleet.pub"), Text(Written(), "Fleet", "KeyFile"));
    }

    [Fact]
    public void TheSchemaKnowsWhatTheProgramTakesAndTheReadmesExampleIsValid()
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "edgeshelf-setup.schema.json"));
        using JsonDocument schema = JsonDocument.Parse(text);
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "README.md"));
        string[] examples = [.. readme.Split("```json\n").Skip(1).Select(block => block.Split("```")[0]).Where(block => block.Contains("\"broker\"", StringComparison.Ordinal))];

        Assert.Equal(AnswersFile.Names.Append("$schema").Order(StringComparer.Ordinal), schema.RootElement.GetProperty("properties").EnumerateObject().Select(answer => answer.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, examples.Length);
        Assert.All(examples, example =>
        {
            using JsonDocument document = JsonDocument.Parse(example);
            Assert.True(JsonSchema.FromText(text).Evaluate(document.RootElement).IsValid, example);
        });
    }

    [Theory]
    [InlineData("""{ "group": "" }""", false)]
    [InlineData("""{ "device": "" }""", false)]
    [InlineData("""{ "camera": "" }""", false)]
    [InlineData("""{ "broker": { "address": "mqtt://b", "password": "" } }""", false)]
    [InlineData("""{ "button": 17.5 }""", false)]
    [InlineData("""{ "button": 17.0, "camera": { "kind": "http", "user": "" } }""", true)]
    public void TheSchemaRefusesWhatTheProgramRefuses(string answers, bool isValid)
    {
        using JsonDocument document = JsonDocument.Parse(answers);

        Assert.Equal(isValid, JsonSchema.FromText(File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "edgeshelf-setup.schema.json"))).Evaluate(document.RootElement).IsValid);
    }

    static (int ExitCode, string Output, string Errors) RunInPrivate(string command) => BackgroundPrograms.Run(null, "unshare", "--mount", "sh", "-c", command);

    Task<(int ExitCode, string Output, string Errors)> OnceAsync(params string[] more) =>
        InProcess.RunAsync(["setup", "--no-restart", "--config", Settings, "--once", Card, .. more]);

    JsonElement Written() => JsonDocument.Parse(File.ReadAllText(Settings)).RootElement;

    static string? Text(JsonElement settings, params string[] path) => path.Aggregate(settings, (inner, name) => inner.GetProperty(name)).GetString();
}
