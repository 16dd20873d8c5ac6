using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Triggers;

/// <summary>With `Capture:Folder:Watch`, asks for a capture of each picture that newly arrives, one after the other.</summary>
sealed class FolderWatcher(
    Camera camera, CaptureQueue queue, TimeProvider clock, ILogger<FolderWatcher> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly FolderArrivals _arrivals = new();
    bool _absent;
    bool _passedOverIsTold;

    /// <summary>What is there when it returns is old; what comes after is new.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (camera is FolderCamera replayed)
            TellPassedOver(replayed.Folder);
        if (camera is WatchedFolderCamera watched)
        {
            TellPassedOver(watched.Folder);
            _arrivals.Ignore(Look(watched.Folder) ?? []);
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (camera is not WatchedFolderCamera watched)
            return;
        while (true)
        {
            long start = clock.GetTimestamp();
            if (Look(watched.Folder) is { } files)
            {
                TellPassedOver(watched.Folder);
                TimeSpan now = clock.GetElapsedTime(0, start);
                foreach (string name in _arrivals.Look(files, now, name => EndsWhole(watched.Folder, name)))
                    await CaptureAsync(watched, name, stoppingToken);
            }
            // A look into a full folder on a slow card takes long; this keeps it under a hundredth of the time.
            TimeSpan took = clock.GetElapsedTime(start);
            await Task.Delay(took * 100 > Pause ? took * 100 : Pause, clock, stoppingToken);
        }
    }

    // Once is enough: a phone that delivers HEIC does so with each picture.
    void TellPassedOver(PictureFolder folder)
    {
        if (_passedOverIsTold || folder.PassedOver() is not { } passedOver)
            return;
        _passedOverIsTold = true;
        log.PicturesPassedOver(folder.Path, passedOver, PictureFormat.Hint);
    }

    async Task CaptureAsync(WatchedFolderCamera watched, string name, CancellationToken stoppingToken)
    {
        watched.Arrived(name, clock.GetUtcNow());
        Task<CommittedResult>? outcome;
        while (!queue.TryRequest(Trigger.Folder, out outcome))
            await Task.Delay(Pause, clock, stoppingToken);
        // The worker reports what went wrong with one picture; the next one is waiting.
        await ((Task)outcome).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stoppingToken.ThrowIfCancellationRequested();
    }

    List<FolderArrivals.Sighting>? Look(PictureFolder folder)
    {
        try
        {
            List<FolderArrivals.Sighting> files = [.. folder.List().Where(file => file.Exists)
                .Select(file => new FolderArrivals.Sighting(file.Name, file.Length, file.LastWriteTimeUtc))];
            if (_absent)
                log.FolderIsBack(folder.Path);
            _absent = false;
            return files;
        }
        catch (CaptureException absent)
        {
            if (!_absent)
                log.FolderIsAbsent(absent.Message);
            _absent = true;
            return null;
        }
    }

    static bool EndsWhole(PictureFolder folder, string name)
    {
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(folder.Path, name));
            Span<byte> end = stackalloc byte[8];
            if (file.Length < end.Length)
                return false;
            file.Seek(-end.Length, SeekOrigin.End);
            file.ReadExactly(end);
            return FrameBytes.EndsWhole(end);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
