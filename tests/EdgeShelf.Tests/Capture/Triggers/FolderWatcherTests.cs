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
    readonly FolderWatcher _watcher;
    readonly WatchedFolderCamera _camera;
    readonly string _folder;

    public FolderWatcherTests()
    {
        _folder = _home.File("inbox");
        _camera = new WatchedFolderCamera(new FolderCameraOptions { Path = _folder, Watch = true }, TimeSpan.FromSeconds(30), TimeProvider.System);
        _watcher = new FolderWatcher(_camera, _queue, TimeProvider.System, _log);
    }

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

    async Task<Frame> ServeOneAsync(IAsyncEnumerator<CaptureRequest> requests)
    {
        Assert.True(await requests.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(Trigger.Folder, requests.Current.Trigger);
        Frame frame = await _camera.CaptureAsync(Cancellation);
        requests.Current.Outcome.SetException(new CaptureException("camera-failed", "The test plays a worker that fails.", "Nothing."));
        return frame;
    }
}
