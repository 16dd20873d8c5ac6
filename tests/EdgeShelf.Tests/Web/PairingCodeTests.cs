using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Web;

public sealed class PairingCodeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheVerbsCodeIsTheServicesAndWorksOnce()
    {
        string code = New().Begin();
        PairingCode service = New();

        Assert.True(PairingCode.IsCode(code), code);
        Assert.True(service.IsWaiting);
        Assert.True(service.TryUse($" {PairingCode.Shown(code)} "));
        Assert.False(service.TryUse(code));
        Assert.False(New().TryUse(code));
    }

    [Fact]
    public void AfterFiveWrongCodesTheRightOneIsRefusedAlsoAfterARestart()
    {
        string code = New().Begin();
        for (int i = 0; i < PairingCode.Tries; i++)
            Assert.False(New().TryUse(WrongFor(code, i)));

        Assert.False(New().IsWaiting);
        Assert.False(New().TryUse(code));
    }

    [Fact]
    public void FourWrongCodesLeaveOneTry()
    {
        string code = New().Begin();
        PairingCode service = New();
        for (int i = 0; i < PairingCode.Tries - 1; i++)
            Assert.False(service.TryUse(WrongFor(code, i)));

        Assert.True(service.TryUse(code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("abcdef")]
    [InlineData(null)]
    public void WhatIsNoCodeCostsNoTry(string? typed)
    {
        string code = New().Begin();
        PairingCode service = New();
        for (int i = 0; i < 2 * PairingCode.Tries; i++)
            Assert.False(service.TryUse(typed));

        Assert.True(service.TryUse(code));
    }

    [Fact]
    public void ACodeEndsAfterTenMinutes()
    {
        string first = New().Begin();
        _clock.Advance(PairingCode.ValidFor - TimeSpan.FromSeconds(1));
        Assert.True(New().IsWaiting);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(New().IsWaiting);
        Assert.False(New().TryUse(first));
    }

    [Fact]
    public void ANewCodeReplacesTheOldOneAndHasAllTries()
    {
        string old = New().Begin();
        for (int i = 0; i < PairingCode.Tries; i++)
            New().TryUse(WrongFor(old, i));
        string code = New().Begin();
        while (code == old)
            code = New().Begin();

        Assert.False(New().TryUse(old));
        Assert.True(New().TryUse(code));
    }

    [Fact]
    public void TheFilesHoldNoCodeAndAreTheOwnersAlone()
    {
        string code = New().Begin();
        New().TryUse(WrongFor(code, 0));

        string[] files = Directory.GetFiles(_folder.Path);
        Assert.Equal(2, files.Length);
        Assert.All(files, file =>
        {
            Assert.DoesNotContain($"\"{code}\"", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
    }

    [Theory]
    [InlineData("pairing", "{")]
    [InlineData("pairing", "{}")]
    [InlineData("pairing-tries", "nothing")]
    [InlineData("pairing-tries", "")]
    public void ADamagedFileAdmitsNobodyOrChangesNothing(string name, string content)
    {
        string code = New().Begin();
        File.WriteAllText(_folder.File($"web-token.{name}"), content);

        // A file of tries that names no code counts for none.
        Assert.Equal(name == "pairing-tries", New().TryUse(code));
    }

    PairingCode New() => new(_folder.File("web-token"), _clock);

    static string WrongFor(string code, int other) =>
        ((int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) + 1 + other) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
}
