using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Fleet;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>By which signatures a model of the fleet is let in.</summary>
public sealed class FleetKeysTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly MemoryStream _archive = new(Encoding.ASCII.GetBytes("an archive"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatTheKeySignedIsLetInAndAChangedByteIsNot()
    {
        (string privateKey, string publicKey) = FleetKeys.Make();
        FleetKeys keys = FleetKeys.Parse(publicKey, "fleet.pub");
        string signature = Sign(privateKey);

        keys.Require(_archive, signature);
        // What was read may be read again.
        keys.Require(_archive, signature);

        MemoryStream changed = new(Encoding.ASCII.GetBytes("an archivf"));
        Assert.Equal("bad-signature", Assert.Throws<FleetException>(() => keys.Require(changed, signature)).Code);
    }

    [Fact]
    public void WhileAKeyIsChangedBothAreKnownAndAfterwardsTheOldOneIsNot()
    {
        (string oldPrivate, string oldPublic) = FleetKeys.Make();
        (string newPrivate, string newPublic) = FleetKeys.Make();
        FleetKeys both = FleetKeys.Parse($"# the next key\n{newPublic}\n# the key until June\n{oldPublic}", "fleet.pub");

        both.Require(_archive, Sign(oldPrivate));
        both.Require(_archive, Sign(newPrivate));

        FleetException refused = Assert.Throws<FleetException>(() => FleetKeys.Parse(newPublic, "fleet.pub").Require(_archive, Sign(oldPrivate)));
        Assert.Contains("not made with the key of this device", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    [InlineData("====")]
    [InlineData("MEUCIQD")]
    public void ASignatureOfAnotherFormIsRefused(string signature) =>
        Assert.Throws<FleetException>(() => FleetKeys.Parse(FleetKeys.Make().Public, "fleet.pub").Require(_archive, signature));

    [Fact]
    public void ASignatureOfAMegabyteIsRefused() =>
        Assert.Throws<FleetException>(() => FleetKeys.Parse(FleetKeys.Make().Public, "fleet.pub").Require(_archive, new string('A', 1 << 20)));

    [Fact]
    public void UnsignedIsLetInOnlyWhereTheKeyFileSaysSo()
    {
        (string privateKey, string publicKey) = FleetKeys.Make();
        FleetKeys keys = FleetKeys.Parse(publicKey, "fleet.pub");
        Assert.Contains("no signature", Assert.Throws<FleetException>(() => keys.Require(_archive, null)).Message, StringComparison.Ordinal);
        Assert.Throws<FleetException>(() => keys.Require(_archive, ""));

        FleetKeys open = FleetKeys.Parse("allow-unsigned\n", "fleet.pub");
        open.Require(_archive, null);
        open.Require(_archive, Sign(privateKey));

        // With a key beside it, a signature that is given must be right.
        FleetKeys mixed = FleetKeys.Parse($"{publicKey}allow-unsigned\n", "fleet.pub");
        mixed.Require(_archive, null);
        mixed.Require(_archive, Sign(privateKey));
        Assert.Throws<FleetException>(() => mixed.Require(_archive, Sign(FleetKeys.Make().Private)));
    }

    [Fact]
    public void AKeyFileThatIsNoneSaysWhatToDo()
    {
        (string privateKey, string publicKey) = FleetKeys.Make();
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);

        Assert.Contains("holds no key", Problem(""), StringComparison.Ordinal);
        Assert.Contains("allow-everything", Problem("allow-everything"), StringComparison.Ordinal);
        Assert.Contains("holds a PRIVATE KEY", Problem(publicKey + privateKey), StringComparison.Ordinal);
        Assert.Contains("3 keys", Problem(publicKey + publicKey + publicKey), StringComparison.Ordinal);
        Assert.Contains("not on the curve P-256", Problem(other.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("another kind", Problem(rsa.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("damaged", Problem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAKeyFileTheMessageNamesThePlace()
    {
        string path = _folder.File("fleet.pub");

        FleetException refused = Assert.Throws<FleetException>(() => FleetKeys.Read(path));

        Assert.Contains(path, refused.Hint, StringComparison.Ordinal);
        File.WriteAllText(path, FleetKeys.Make().Public);
        Assert.Equal(1, FleetKeys.Read(path).Count);
        File.WriteAllText(path, new string('#', 1 << 20));
        Assert.Contains("1048576 bytes", Assert.Throws<FleetException>(() => FleetKeys.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnythingButAPrivateKeyCannotSign()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ConfigurationException>(() => Sign("no key"));
        Assert.Throws<ConfigurationException>(() => Sign(FleetKeys.Make().Public));
        Assert.Contains("P-256", Assert.Throws<ConfigurationException>(() => Sign(other.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
    }

    static string Problem(string text) => Assert.Throws<FleetException>(() => FleetKeys.Parse(text, "fleet.pub")).Message;

    string Sign(string privateKey)
    {
        _archive.Position = 0;
        string signature = FleetKeys.Sign(_archive, privateKey, "fleet.key");
        _archive.Position = 0;
        return signature;
    }
}
