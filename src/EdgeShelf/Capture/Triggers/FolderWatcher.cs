using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// With `Capture:Folder:Watch`, requests a capture of each picture that arrives, one after the other. The taken pictures are recorded
/// on disk, so that the service continues with the waiting pictures after a restart.
/// </summary>
/// <param name="committed">The files that have results, which the journal can lack after a kill or a power cut.</param>
/// <param name="journal">A function that creates the journal of a folder.</param>
sealed class FolderWatcher(
    Camera camera, CaptureQueue queue, CommittedFiles committed, Func<string, FolderJournal> journal, TimeProvider clock, ILogger<FolderWatcher> log) : BackgroundService
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    /// <summary>The maximum pause between two listings. A picture needs two listings, so it is taken within five seconds even if the folder is full.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The time until a picture is tried again while results cannot be written to disk.</summary>
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>The factor from the duration of a listing to the pause after it, so that listing a full folder on a slow card takes less than 5 % of the time.</summary>
    const int PauseForLook = 20;

    readonly FolderArrivals _arrivals = new();
    FolderJournal? _journal;
    bool _absent;
    bool _isForgetful;
    bool _passedOverIsTold;

    /// <summary>Starts the watch. At the first start, existing pictures do not count as new. After a restart, all pictures that were not taken yet are new.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (camera is WatchedFolderCamera watched)
        {
            Begin(watched.Folder);
        }
        else if (camera is FolderCamera replay)
        {
            TellPassedOverOfReplay(replay.Folder);
            BeginReplay(replay);
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
            List<FolderArrivals.Sighting>? files = Look(watched.Folder);
            TimeSpan pause = Pause(clock.GetElapsedTime(start));
            if (files is not null)
            {
                foreach (FolderArrivals.Sighting picture in _arrivals.Look(files, clock.GetElapsedTime(0, start), name => EndsWhole(watched.Folder, name)))
                    await CaptureAsync(watched, picture, stoppingToken);
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    static TimeSpan Pause(TimeSpan look) => look * PauseForLook < ShortestPause ? ShortestPause : look * PauseForLook < LongestPause ? look * PauseForLook : LongestPause;

    // Log this only once, because a phone that delivers HEIC delivers every picture as HEIC.
    void TellPassedOver(PictureFolder folder, PictureListing listing)
    {
        if (_passedOverIsTold || listing.PassedOver is not { } passedOver)
            return;
        _passedOverIsTold = true;
        log.PicturesPassedOver(folder.Path, passedOver, PictureFormat.Hint);
    }

    void TellPassedOverOfReplay(PictureFolder folder)
    {
        try
        {
            TellPassedOver(folder, folder.List());
        }
        catch (CaptureException)
        {
            // The camera reports the folder when it takes its first picture.
        }
    }

    void BeginReplay(FolderCamera replay)
    {
        if (committed(replay.Folder.Path) is not [.., PictureFile last])
        {
            log.ReplayBegins(replay.Folder.Path);
            return;
        }
        replay.ContinueAfter(last.Name);
        log.ReplayContinues(replay.Folder.Path, last.Name);
    }

    void Begin(PictureFolder folder)
    {
        _journal = journal(folder.Path);
        List<FolderArrivals.Sighting>? files = Look(folder);
        Remember(kept =>
        {
            IReadOnlyList<FolderArrivals.Sighting> taken =
                [.. committed(folder.Path).Select(file => new FolderArrivals.Sighting(file.Name, file.Length, file.LastWrite)).Union(kept.Read() ?? files ?? [])];
            _arrivals.Ignore(taken);
            // If a file was taken more than once because it was written again, what is in the folder now counts.
            _arrivals.Ignore(taken.Intersect(files ?? []));
            // While the folder cannot be read, it is unknown which files were deleted.
            kept.Begin(files is null ? taken : taken.Intersect(files));
            int waiting = files?.Except(taken).Count() ?? 0;
            if (waiting > 0)
                log.PicturesWait(waiting, folder.Path);
        });
        if (_isForgetful)
            _arrivals.Ignore(files ?? []);
    }

    async Task CaptureAsync(WatchedFolderCamera watched, FolderArrivals.Sighting picture, CancellationToken stoppingToken)
    {
        watched.Arrived(new PictureFile(watched.Folder.Path, picture.Name, picture.Length, picture.LastWrite));
        while (true)
        {
            Task<CommittedResult>? outcome;
            while (!queue.TryRequest(Trigger.Folder, out outcome))
                await Task.Delay(ShortestPause, clock, stoppingToken);
            // The worker reports a failure of this picture, so continue with the next one.
            await ((Task)outcome).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            if (outcome.Exception?.InnerException is not EdgeShelfException { Code: EdgeShelfException.NotKept })
                break;
            // There is neither a result nor an event for this picture, so try it again until the disk can be written again.
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
        Remember(kept => kept.Add(picture));
    }

    /// <summary>
    /// Writes to the journal. A full or read-only disk must not stop the captures. Pictures that could not be recorded may be taken twice after
    /// a restart.
    /// </summary>
    void Remember(Action<FolderJournal> write)
    {
        try
        {
            write(_journal!);
            _isForgetful = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_isForgetful)
                log.FolderIsNotRemembered(problem.Message);
            _isForgetful = true;
        }
    }

    List<FolderArrivals.Sighting>? Look(PictureFolder folder)
    {
        try
        {
            PictureListing listing = folder.List();
            TellPassedOver(folder, listing);
            List<FolderArrivals.Sighting> files = [.. listing.Pictures.Where(file => file.Exists)
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
            Span<byte> end = stackalloc byte[8];
            return RegularFile.TryReadEnd(Path.Combine(folder.Path, name), end) && FrameBytes.EndsWhole(end);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
