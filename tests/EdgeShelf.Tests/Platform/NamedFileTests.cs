using EdgeShelf.Capture.Cameras;
using EdgeShelf.Cli;
using EdgeShelf.Configuration;
using EdgeShelf.Fleet;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Platform;

/// <summary>Files that a setting, an answer or a command line names. Opening a pipe that nobody writes to never ends, unless the opener takes care.</summary>
public sealed class NamedFileTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Readers => [.. Reading.Keys];

    static Dictionary<string, Action<string>> Reading { get; } = new()
    {
        ["--config"] = path => EdgeShelfConfiguration.Load(path, []),
        ["--picture"] = path => PictureFiles.Read(path),
        ["a list of labels or pictures"] = path => TextFile.Read(path),
        ["Capture:*:PasswordFile"] = path => new CameraLogin("shelf", path, "Capture:Http").ReadPassword(),
        ["Publish:PasswordFile"] = path => ServiceDirectories.ReadPassword(path),
        ["CaFile"] = path => TlsAttempt.ReadCertificates(path),
        ["Fleet:KeyFile"] = path => FleetKeys.Read(path),
        ["Web:TokenFile"] = path => WebToken.Reveal(new WebOptions { TokenFile = path }),
        ["Web:CertificateFile"] = path => new ServerCertificate(new WebOptions { CertificateFile = path }),
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task APipeIsRefusedAtOnce(string reader)
    {
        string pipe = Pipe("pipe");

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => Task.Run(() => Reading[reader](pipe), Cancellation).WaitAsync(Limit, Cancellation));

        Assert.Contains("it is a pipe", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("answers")]
    [InlineData("password")]
    public async Task SetupRefusesAPipeAtOnce(string name)
    {
        string answers = name == "answers" ? Pipe("answers.json") : _folder.Write("answers.json", $$"""{ "broker": { "address": "mqtts://broker", "user": "shelf", "password_file": "{{Pipe("password")}}" } }""");

        (int exitCode, _, string errors) = await Task.Run(() => InProcess.RunAsync("setup", "--no-restart", "--no-trial", "--config", _folder.File("edgeshelf.json"), "--answers", answers), Cancellation).WaitAsync(Limit, Cancellation);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains($"{_folder.File(name)}", errors, StringComparison.Ordinal);
        Assert.Contains("it is a pipe", errors, StringComparison.Ordinal);
    }

    /// <summary>Secrets that a cluster mounts are links.</summary>
    [Fact]
    public void ALinkIsFollowed()
    {
        File.CreateSymbolicLink(_folder.File("link"), _folder.Write("password", "on the shelf\nmore\n"));

        Assert.Equal("on the shelf", NamedFile.ReadFirstLine(_folder.File("link")));
    }

    [Fact]
    public void WhatIsNotThereOrIsAFolderIsSaidSo()
    {
        Assert.Throws<FileNotFoundException>(() => NamedFile.ReadAllBytes(_folder.File("absent")));
        Assert.Throws<FileNotFoundException>(() => NamedFile.ReadAllBytes(""));
        Assert.Throws<FileNotFoundException>(() => NamedFile.ReadAllBytes(_folder.Write("a", "b") + "\0.txt"));
        Assert.Equal("it is a folder", Assert.Throws<IOException>(() => NamedFile.ReadAllBytes(_folder.Path)).Message);
    }

    [Fact]
    public void ADeviceWithoutAnEndFillsNoMemory() => Assert.Equal("", NamedFile.ReadText("/dev/zero"));

    [Fact]
    public void MoreThanIsAllowedIsNotRead()
    {
        Assert.Equal(3, NamedFile.ReadAllBytes(_folder.Write("three", "abc"), 3).Length);
        Assert.Contains("it has 4 bytes", Assert.Throws<IOException>(() => NamedFile.ReadAllBytes(_folder.Write("four", "abcd"), 3)).Message, StringComparison.Ordinal);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Pipe(string name)
    {
        (int exitCode, _, string errors) = BackgroundPrograms.Run(null, "mkfifo", _folder.File(name));
        Assert.True(exitCode == 0, errors);
        return _folder.File(name);
    }
}
