using System.Diagnostics;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Cli;

/// <summary>Verbs that root runs on a device whose state folder belongs to another user, who may be hostile.</summary>
public sealed class RootVerbsTests : IDisposable
{
    const string Owner = "nobody";
    const UnixFileMode OpenFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly TemporaryFolder _folder = new();
    readonly string _state;
    readonly string _victim;

    public RootVerbsTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "root is needed to run verbs as root");
        File.SetUnixFileMode(_folder.Path, OpenFolder);
        _state = Directory.CreateDirectory(_folder.File("state")).FullName;
        _victim = _folder.Write("victim", "untouched");
        File.SetUnixFileMode(_victim, RootOnly);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("in-use.json")]
    [InlineData("in-use.json.new")]
    public void ModelUseFollowsNoLinkAndWhatItWritesIsTheOwners(string link)
    {
        TinyModel.WriteTo(Path.Combine(_state, "models"));
        if (link.EndsWith(".new", StringComparison.Ordinal))
            File.CreateSymbolicLink(Path.Combine(_state, "models", link), _victim);
        else
            File.CreateSymbolicLink(Path.Combine(_state, "models", link), _folder.File("absent"));
        HandOver();

        Assert.Equal("", Run("model", "use", TinyModel.Name).Errors.Trim());

        AssertUntouched();
        Assert.Null(new FileInfo(Path.Combine(_state, "models", "in-use.json")).LinkTarget);
    }

    /// <summary>A file in a folder that only root may enter: written through the link before, refused now.</summary>
    [Fact]
    public void ALinkToAFolderOfRootsLeadsNowhere()
    {
        string closed = Directory.CreateDirectory(_folder.File("closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        TinyModel.WriteTo(_folder.File("elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(_state, "models"), closed);
        Directory.Move(Path.Combine(_folder.File("elsewhere"), TinyModel.Name), Path.Combine(closed, TinyModel.Name));
        HandOver();

        Assert.NotEqual(0, Run("model", "use", TinyModel.Name).ExitCode);

        Assert.Equal([Path.Combine(closed, TinyModel.Name)], Directory.GetFileSystemEntries(closed));
    }

    [Fact]
    public void OutboxVerbsLeaveNothingThatTheServiceCannotReplace()
    {
        using (DurableOutbox outbox = new(_state, new PublishOptions { Device = "shelf-07" }, TimeProvider.System, () => true, () => long.MaxValue, NullLogger<DurableOutbox>.Instance))
            outbox.Open();
        HandOver();

        Assert.Equal(0, Run("outbox", "purge", "--yes").ExitCode);
        Assert.Equal(0, Run("outbox", "list").ExitCode);

        AssertUntouched();
    }

    [Fact]
    public void TheTokenIsNotReadThroughALink()
    {
        File.WriteAllText(_victim, "the-secret-of-another-program");
        File.CreateSymbolicLink(Path.Combine(_state, "web-token"), _victim);
        HandOver();

        (int exitCode, string output, string errors) = Run("config", "show", "--reveal-token");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("secret", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void DoctorRunsTheCameraProgramAsTheOwnerAndStillKnowsThePassword()
    {
        TinyModel.WriteTo(Path.Combine(_state, "models"));
        string camera = _folder.Write("camera", $"#!/bin/sh\nid -un >{_state}/who\nexit 1\n");
        File.SetUnixFileMode(camera, OpenFolder);
        string credentials = Directory.CreateDirectory(_folder.File("credentials")).FullName;
        File.SetUnixFileMode(credentials, OpenFolder);
        File.WriteAllText(Path.Combine(credentials, "mqtt-password"), "on the shelf\n");
        File.SetUnixFileMode(Path.Combine(credentials, "mqtt-password"), RootOnly);
        HandOver();

        // Nobody listens there: the finding is about the connection, and not about a password that cannot be read.
        string output = RunWith(
            $"CREDENTIALS_DIRECTORY={credentials}", "doctor", "--set", "Capture:Camera=command", "--set", $"Capture:Command:Program={camera}",
            "--set", "Publish:UserName=shelf-07", "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", $"Models:Name={TinyModel.Name}").Output;

        Assert.Equal(Owner, File.ReadAllText(Path.Combine(_state, "who")).Trim());
        Assert.Contains("FAULT    broker", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", output, StringComparison.Ordinal);
        Assert.DoesNotContain("may not read", output, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public void AFileThatOnlyRootCanReadIsRefusedWithWhatToDo()
    {
        HandOver();

        (int exitCode, _, string errors) = Run("classify", _victim);

        Assert.Equal(2, exitCode);
        Assert.Contains(_victim, errors, StringComparison.Ordinal);
        Assert.Contains($"The user {Owner}", errors, StringComparison.Ordinal);
        Assert.Contains("readable", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereTheStateFolderIsRootsOwnTheVerbStaysRoot()
    {
        File.WriteAllBytes(_victim, PicturesOf.Scene());

        Assert.Equal(0, Run("classify", _victim).ExitCode);
    }

    [Fact]
    public void NoSocketIsLeftBehind()
    {
        HandOver();
        using EdgeShelfProcess process = EdgeShelfProcess.Start(_state, "model", "list");
        Assert.Equal(0, process.WaitForExit());

        Assert.Empty(Directory.GetFileSystemEntries(Path.GetTempPath(), $"*-{process.Id}-*-socket"));
    }

    void HandOver() => Assert.Equal(0, System("chown", "-hR", Owner, _state));

    void AssertUntouched()
    {
        Assert.Equal("untouched", File.ReadAllText(_victim));
        Assert.Equal(1, System("sh", "-c", $"find {_state} ! -user {Owner} | grep ."));
    }

    (int ExitCode, string Output, string Errors) Run(params string[] arguments) => RunWith("LC_ALL=C", arguments);

    (int ExitCode, string Output, string Errors) RunWith(string variable, params string[] arguments)
    {
        using EdgeShelfProcess process = EdgeShelfProcess.StartBy(_state, ["env", variable, EdgeShelfProcess.Program, .. arguments]);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    static int System(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
