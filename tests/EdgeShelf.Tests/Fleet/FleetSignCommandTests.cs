using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Fleet;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>`edgeshelf fleet keygen` and `edgeshelf fleet sign`.</summary>
public sealed class FleetSignCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFolderIsPackedAndSignedAndADeviceLetsItIn()
    {
        string model = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        string archive = _folder.File("tiny.tar.gz");
        await KeysAsync();

        (int exitCode, string output, string errors) = await InProcess.RunAsync("fleet", "sign", model, "--key", _folder.File("keys/fleet.key"), "--out", archive, "--url", "https://files.shop/", "--desired", _folder.File("desired.json"));

        Assert.True(exitCode == ExitCodes.Fine, errors);
        JsonElement signed = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["name", "version", "url", "sha256", "size", "signature"], signed.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("tiny", "1.0.0", "https://files.shop/tiny.tar.gz"), (signed.GetProperty("name").GetString(), signed.GetProperty("version").GetString(), signed.GetProperty("url").GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(archive, Cancellation))), signed.GetProperty("sha256").GetString());
        Assert.Equal(new FileInfo(archive).Length, signed.GetProperty("size").GetInt64());
        await using FileStream content = File.OpenRead(archive);
        FleetKeys.Read(_folder.File("keys/fleet.pub")).Require(content, signed.GetProperty("signature").GetString());

        Assert.EndsWith("}\n", await File.ReadAllTextAsync(_folder.File("desired.json"), Cancellation), StringComparison.Ordinal);
        JsonElement desired = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("desired.json"), Cancellation)).RootElement;
        Assert.True(JsonElement.DeepEquals(signed, desired.GetProperty("model")), $"{desired}");

        // The archive itself can be signed with another key later, for example while a key is changed.
        (exitCode, output, errors) = await InProcess.RunAsync("fleet", "sign", archive, "--key", _folder.File("keys/fleet.key"));
        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Equal(signed.GetProperty("sha256").GetString(), JsonDocument.Parse(output).RootElement.GetProperty("sha256").GetString());
        Assert.Contains("add its address", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePrivateKeyIsItsOwnersAloneAndNoKeyIsReplaced()
    {
        await KeysAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("keys/fleet.key")));
        (int exitCode, _, string errors) = await InProcess.RunAsync("fleet", "keygen", "--out", _folder.File("keys"));
        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("exists already", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenModelIsNotSigned()
    {
        string model = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        await File.AppendAllTextAsync(Path.Combine(model, "labels.csv"), "4,Fifth,Fifth,\n", Cancellation);
        await KeysAsync();

        (int exitCode, string output, string errors) = await InProcess.RunAsync("fleet", "sign", model, "--key", _folder.File("keys/fleet.key"), "--out", _folder.File("tiny.tar.gz"));

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("labels.csv has SHA-256", errors, StringComparison.Ordinal);
        Assert.Contains(model, errors, StringComparison.Ordinal);
        Assert.Contains("Correct the model and sign it again", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("edgeshelf-sign-", errors, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://name:secret@files.shop/")]
    [InlineData("files.shop/tiny.tar.gz")]
    public async Task AnAddressThatNoDeviceFollowsIsRefused(string url)
    {
        string model = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        await KeysAsync();

        (int exitCode, _, string errors) = await InProcess.RunAsync("fleet", "sign", model, "--key", _folder.File("keys/fleet.key"), "--out", _folder.File("tiny.tar.gz"), "--url", url);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("--url is", errors, StringComparison.Ordinal);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    async Task KeysAsync()
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("fleet", "keygen", "--out", _folder.File("keys"));
        Assert.True(exitCode == ExitCodes.Fine, errors);
    }
}
