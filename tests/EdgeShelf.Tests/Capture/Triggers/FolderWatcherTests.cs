using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Triggers;

/// <summary>The watcher, its camera and the queue together, on real files; the test plays the worker.</summary>
public sealed class FolderWatcherTests : IAsyncLifetime
{
    readonly TemporaryFolder _home = new();
    readonly CaptureQueue _queue = new();
    readonly ListLogger<FolderWatcher> _log = new();
    readonly WatchedFolderCamera _camera;
    readonly List<PictureFile> _committed = [];
    FolderWatcher _watcher;
    readonly string _folder;

    public FolderWatcherTests()
    {
        _folder = _home.File("inbox");
        _camera = new WatchedFolderCamera(new FolderCameraOptions { Path = _folder, Watch = true }, TimeSpan.FromSeconds(30), TimeProvider.System);
        _watcher = NewWatcher();
    }

    /// <summary>As one run of the service has it.</summary>
    FolderWatcher NewWatcher(Camera? camera = null) => new(camera ?? _camera, _queue, _ => _committed, folder => new FolderJournal(_home.File("watched-folder.log"), folder), TimeProvider.System, _log);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _watcher.StopAsync(Cancellation);
        _watcher.Dispose();
        await _camera.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task AFolderThatIsAbsentAtStartIsWatchedFromWhenItComes()
    {
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "first.jpg"), PicturesOf.Scene());

        Frame frame = await ServeOneAsync(requests);

        Assert.Equal("first.jpg", frame.Name);
    }

    [Fact]
    public async Task PicturesOfOtherFormatsAreToldOnce()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "IMG_0001.HEIC"), [1]);
        File.WriteAllBytes(Path.Combine(_folder, "b.webp"), [1]);
        File.WriteAllBytes(Path.Combine(_folder, "notes.txt"), [1]);
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        File.WriteAllBytes(Path.Combine(_folder, "a.jpg"), PicturesOf.Scene());
        await ServeOneAsync(requests);

        string line = Assert.Single(_log.Lines);

        Assert.Contains("IMG_0001.HEIC and 1 more", line, StringComparison.Ordinal);
        Assert.Contains("JPEG", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachNewPictureIsCapturedOnceThoughOneBeforeItFailed()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "old.jpg"), PicturesOf.Scene());
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        foreach (string name in (string[])["a.jpg", "b.jpg", "c.jpg"])
            File.WriteAllBytes(Path.Combine(_folder, name), PicturesOf.Scene());

        List<string?> names = [];
        for (int i = 0; i < 3; i++)
            names.Add((await ServeOneAsync(requests)).Name);

        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], names);
    }

    [Fact]
    public async Task BeforeAnyPictureHasArrivedARequestIsToldSo()
    {
        Directory.CreateDirectory(_folder);

        CaptureException problem = await Assert.ThrowsAsync<CaptureException>(() => _camera.CaptureAsync(Cancellation));

        Assert.Equal("no-picture", problem.Code);
    }

    [Fact]
    public async Task ARequestAfterAnArrivalGivesThatPictureWithTheTimeOfItsArrival()
    {
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "a.jpg"), PicturesOf.Scene());
        Frame arrival = await ServeOneAsync(requests);

        Frame again = await _camera.CaptureAsync(Cancellation);

        Assert.Equal((arrival.Name, arrival.CapturedAt), (again.Name, again.CapturedAt));
    }

    [Fact]
    public async Task ARestartTakesWhatStillWaitsAndNothingTwice()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "old.jpg"), PicturesOf.Scene());
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        File.WriteAllBytes(Path.Combine(_folder, "a.jpg"), PicturesOf.Scene());
        await ServeOneAsync(requests);
        await Wait.UntilAsync(() => File.ReadAllText(_home.File("watched-folder.log")).Contains("a.jpg", StringComparison.Ordinal));
        await _watcher.StopAsync(Cancellation);
        File.WriteAllBytes(Path.Combine(_folder, "while away.jpg"), PicturesOf.Scene());
        // Half a line, as a power cut leaves it.
        File.AppendAllText(_home.File("watched-folder.log"), "63900000000");

        _watcher = NewWatcher();
        await _watcher.StartAsync(Cancellation);
        Frame next = await ServeOneAsync(requests);
        File.WriteAllBytes(Path.Combine(_folder, "later.jpg"), PicturesOf.Scene());
        Frame last = await ServeOneAsync(requests);

        Assert.Equal(["while away.jpg", "later.jpg"], [next.Name, last.Name]);
    }

    /// <summary>A kill between the commit of a result and the line in the journal gave one file two ids.</summary>
    [Fact]
    public async Task AFileWithAResultIsNotTakenAgainThoughTheJournalLacksIt()
    {
        Directory.CreateDirectory(_folder);
        await _watcher.StartAsync(Cancellation);
        await _watcher.StopAsync(Cancellation);
        foreach (string name in (string[])["a.jpg", "b.jpg"])
            File.WriteAllBytes(Path.Combine(_folder, name), PicturesOf.Scene());
        FileInfo first = new(Path.Combine(_folder, "a.jpg"));
        _committed.Add(new PictureFile(_folder, first.Name, first.Length, first.LastWriteTimeUtc));

        _watcher = NewWatcher();
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Frame next = await ServeOneAsync(requests);

        Assert.Equal("b.jpg", next.Name);
        Assert.Contains("a.jpg", File.ReadAllText(_home.File("watched-folder.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatWasWrittenAgainSinceItsResultIsTakenOnceMore()
    {
        Directory.CreateDirectory(_folder);
        await _watcher.StartAsync(Cancellation);
        await _watcher.StopAsync(Cancellation);
        string path = Path.Combine(_folder, "a.jpg");
        File.WriteAllBytes(path, PicturesOf.Scene());
        FileInfo now = new(path);
        _committed.Add(new PictureFile(_folder, now.Name, now.Length, now.LastWriteTimeUtc.AddSeconds(-5)));

        _watcher = NewWatcher();
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal("a.jpg", (await ServeOneAsync(requests)).Name);
    }

    /// <summary>The older result of a file must not hide that the newer one was taken too.</summary>
    [Fact]
    public async Task AFileWithTwoResultsIsNotTakenAThirdTime()
    {
        Directory.CreateDirectory(_folder);
        await _watcher.StartAsync(Cancellation);
        await _watcher.StopAsync(Cancellation);
        foreach (string name in (string[])["a.jpg", "b.jpg"])
            File.WriteAllBytes(Path.Combine(_folder, name), PicturesOf.Scene());
        FileInfo now = new(Path.Combine(_folder, "a.jpg"));
        PictureFile newer = new(_folder, now.Name, now.Length, now.LastWriteTimeUtc);
        _committed.AddRange([newer, newer with { LastWrite = newer.LastWrite.AddSeconds(-5) }]);

        _watcher = NewWatcher();
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal("b.jpg", (await ServeOneAsync(requests)).Name);
    }

    [Theory]
    [InlineData(null, "a.jpg")]
    [InlineData("a.jpg", "b.jpg")]
    [InlineData("deleted since.jpg", "a.jpg")]
    [InlineData("aa.jpg", "b.jpg")]
    [InlineData("b.jpg", "a.jpg")]
    public async Task AReplayContinuesBehindTheLastPictureWithAResult(string? last, string next)
    {
        Directory.CreateDirectory(_folder);
        foreach (string name in (string[])["a.jpg", "b.jpg"])
            File.WriteAllBytes(Path.Combine(_folder, name), PicturesOf.Scene());
        if (last is not null)
            _committed.AddRange([new PictureFile(_folder, "b.jpg", 1, DateTime.UnixEpoch), new PictureFile(_folder, last, 1, DateTime.UnixEpoch)]);
        await using FolderCamera replay = new(new FolderCameraOptions { Path = _folder }, TimeSpan.FromSeconds(30), TimeProvider.System);
        _watcher = NewWatcher(replay);

        await _watcher.StartAsync(Cancellation);

        Frame frame = await replay.CaptureAsync(Cancellation);
        Assert.Equal(next, frame.Name);
        Assert.Equal((_folder, next), (frame.File!.Folder, frame.File.Name));
        Assert.Contains(last is null ? "from the first one" : $"the one after {last}", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APictureHasTheTimeWhenItsFileWasWritten()
    {
        DateTime written = new(2026, 11, 25, 8, 30, 0, DateTimeKind.Utc);
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Directory.CreateDirectory(_folder);
        string file = Path.Combine(_folder, "a.jpg");
        File.WriteAllBytes(file + ".part", PicturesOf.Scene());
        File.SetLastWriteTimeUtc(file + ".part", written);
        File.Move(file + ".part", file);

        Assert.Equal(new DateTimeOffset(written), (await ServeOneAsync(requests)).CapturedAt);
    }

    /// <summary>Forty pictures were followed by ten minutes of sleep, because the pause followed from how long the captures took.</summary>
    [Fact]
    public async Task AfterManyPicturesTheNextOneIsAnsweredSoon()
    {
        await _watcher.StartAsync(Cancellation);
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Directory.CreateDirectory(_folder);
        for (int i = 0; i < 3; i++)
            File.WriteAllBytes(Path.Combine(_folder, $"{i}.jpg"), PicturesOf.Scene());
        for (int i = 0; i < 3; i++)
        {
            await ServeOneAsync(requests, slowly: TimeSpan.FromSeconds(1));
        }

        long start = TimeProvider.System.GetTimestamp();
        File.WriteAllBytes(Path.Combine(_folder, "next.jpg"), PicturesOf.Scene());
        await ServeOneAsync(requests);

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(15), $"It took {TimeProvider.System.GetElapsedTime(start)}.");
    }

    async Task<Frame> ServeOneAsync(IAsyncEnumerator<CaptureRequest> requests, TimeSpan slowly = default)
    {
        Assert.True(await requests.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(Trigger.Folder, requests.Current.Trigger);
        Frame frame = await _camera.CaptureAsync(Cancellation);
        await Task.Delay(slowly, TimeProvider.System, Cancellation);
        requests.Current.Outcome.SetException(new CaptureException("camera-failed", "The test plays a worker that fails.", "Nothing."));
        return frame;
    }
}
