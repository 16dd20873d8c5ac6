using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Logging;

/// <summary>The log file of the real service: it must not fill the disk, and must not be needed.</summary>
public sealed class ServiceLogTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    public ServiceLogTests()
    {
        TinyModel.WriteTo(_folder.File("models"));
        Directory.CreateDirectory(_folder.File("pictures"));
        File.WriteAllBytes(_folder.File("pictures/a.jpg"), PicturesOf.Scene(64, 64));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>serilog-sinks-file#200: logs filled the disk.</summary>
    [Fact]
    public async Task ManyLinesStayBelowTheCapAndAFullDiskStopsNothing()
    {
        const int Cap = 10_000;
        using SmallVolume volume = SmallVolume.Mount(megabytes: 1);
        using EdgeShelfProcess service = Start(Path.Combine(volume.Path, "edgeshelf.log"), "--set", $"Log:MaxFileBytes={Cap}", "--set", "Log:MaxFiles=2");
        await TakeAsync(service, count: 120);
        Assert.InRange(BytesOfLogs(volume), Cap, 2 * Cap + 2000);

        volume.Fill();
        await TakeAsync(service, count: 60);
        Assert.Contains("The log file cannot be written, the service goes on", service.Errors, StringComparison.Ordinal);

        volume.Free();
        await TakeAsync(service, count: 60);
        Assert.InRange(BytesOfLogs(volume), 1, 2 * Cap + 2000);
        Assert.Equal(0, service.Terminate());
    }

    /// <summary>logaffe#78: a log that could not be written was silent.</summary>
    [Fact]
    public async Task ALogThatCannotBeWrittenIsToldOnTheConsoleAndTheServiceRuns()
    {
        using EdgeShelfProcess service = Start(Path.Combine(_folder.Write("a-file", ""), "edgeshelf.log"));

        await TakeAsync(service, count: 2);

        Assert.Contains("The log file cannot be written, the service goes on", service.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Output + service.Errors, StringComparison.Ordinal);
    }

    /// <summary>The model is asked for while the host starts: the host's line about it had a stack trace, and those of what had started another.</summary>
    [Fact]
    public void AStartThatFailsForAnOperatorsReasonIsOneLineInTheLog()
    {
        using EdgeShelfProcess service = Start(_folder.File("edgeshelf.log"), "--set", "Models:Name=gone");

        Assert.Equal(2, service.WaitForExit());
        Assert.Contains("There is no model gone", File.ReadAllText(_folder.File("edgeshelf.log")), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Output + service.Errors + File.ReadAllText(_folder.File("edgeshelf.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALogThatIsDeletedWhileTheServiceRunsIsBegunAnew()
    {
        using EdgeShelfProcess service = Start(_folder.File("edgeshelf.log"));
        await TakeAsync(service, count: 2);

        File.Delete(_folder.File("edgeshelf.log"));

        await Wait.UntilAsync(() => File.Exists(_folder.File("edgeshelf.log")), Within, "the log file is there again");
        await Wait.UntilAsync(() => service.Errors.Contains("was deleted, moved or cut", StringComparison.Ordinal), Within, $"told; {service.Errors}");
        Assert.Equal(0, service.Terminate());
    }

    [Fact]
    public async Task WhereTheOutboxHasNoRoomAtTheStartOneLineSaysSoAndPicturesGoOnOnceThereIs()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 1);
        volume.Fill();
        using EdgeShelfProcess service = Start(_folder.File("edgeshelf.log"), "--set", $"Publish:Folder={volume.Path}", "--set", "Publish:MinFreeBytes=0");
        await Wait.UntilAsync(() => service.Output.Contains("Results cannot be kept until this is fixed", StringComparison.Ordinal), Within, $"told; {service.Output} {service.Errors}");
        await Wait.UntilAsync(() => service.Output.Contains("outbox-failed", StringComparison.Ordinal), Within, $"a picture failed; {service.Output}");

        volume.Free();
        await TakeAsync(service, count: 2);

        Assert.Equal(0, service.Terminate());
        Assert.DoesNotContain("   at ", service.Output + service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileNameWithANewLineAndAnEscapeIsOneLineInLogAndConsole()
    {
        File.Move(_folder.File("pictures/a.jpg"), _folder.File("pictures/a\n<0>b\x1b[2J.jpg"));
        string log = _folder.File("edgeshelf.log");
        using EdgeShelfProcess service = Start(log);
        await TakeAsync(service, count: 1);
        Assert.Equal(0, service.Terminate());

        foreach (string text in new[] { service.Output + service.Errors, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken) })
        {
            Assert.Contains("a\\x0A<0>b\\x1B[2J.jpg", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\x1b', text);
            Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith('<'));
        }
    }

    [Fact]
    public async Task ACamerasReasonPhraseIsOneLineInLogAndConsole()
    {
        await using HostileServer camera = new();
        camera.AnswerWith("503 busy\x1b[2J", "", []);
        string log = _folder.File("edgeshelf.log");
        using EdgeShelfProcess service = Start(log, "--set", "Capture:Camera=http", "--set", $"Capture:Http:Url={camera.Url}");
        await Wait.UntilAsync(() => service.Output.Contains("No result (camera-failed)", StringComparison.Ordinal), Within, "a failure");
        Assert.Equal(0, service.Terminate());

        foreach (string text in new[] { service.Output + service.Errors, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken) })
        {
            Assert.Contains("503 busy\\x1B[2J; 200 is needed", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\x1b', text);
        }
    }

    EdgeShelfProcess Start(string log, params string[] more) => EdgeShelfProcess.Start(_folder.Path,
    [
        "run", "--set", "Capture:Camera=folder", "--set", $"Capture:Folder:Path={_folder.File("pictures")}", "--set", "Capture:Interval=00:00:00.1", "--set", "Models:Name=tiny",
        "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", "Web:Enabled=false", "--set", $"Log:Path={log}", .. more,
    ]);

    static async Task TakeAsync(EdgeShelfProcess service, int count)
    {
        int wanted = Results(service) + count;
        Assert.True(await Wait.TryUntilAsync(() => Results(service) >= wanted, Within), $"{Results(service)} results, {wanted} wanted; {service.Errors}");
    }

    static int Results(EdgeShelfProcess service) => service.Output.Split(" INF #").Length - 1;

    static long BytesOfLogs(SmallVolume volume) => Directory.GetFiles(volume.Path, "edgeshelf*.log").Sum(file => new FileInfo(file).Length);
}
