using EdgeShelf.Platform;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// With `Capture:Folder:Watch`, asks for a capture of each picture that newly arrives, one after the other. What was taken is
/// remembered on disk, so a restart goes on with the pictures that wait.
/// </summary>
/// <param name="journal">Makes the memory of a folder.</param>
sealed class FolderWatcher(Camera camera, CaptureQueue queue, Func<string, FolderJournal> journal, TimeProvider clock, ILogger<FolderWatcher> log) : BackgroundService
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    /// <summary>A picture waits for two looks; it is answered within five seconds however full the folder is.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How long a picture waits while the disk keeps no results.</summary>
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>A look into a full folder on a slow card takes long; this keeps it under a twentieth of the time.</summary>
    const int PauseForLook = 20;

    readonly FolderArrivals _arrivals = new();
    FolderJournal? _journal;
    bool _absent;
    bool _isForgetful;
    bool _passedOverIsTold;

    /// <summary>At the first start, what is there is old and what comes after is new; later, everything is new that was not taken yet.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (camera is WatchedFolderCamera watched)
        {
            TellPassedOver(watched.Folder);
            Begin(watched.Folder);
        }
        else if (camera is FolderCamera replay)
        {
            TellPassedOver(replay.Folder);
            log.ReplayBegins(replay.Folder.Path);
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
            TellPassedOver(watched.Folder);
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

    // Once is enough: a phone that delivers HEIC does so with each picture.
    void TellPassedOver(PictureFolder folder)
    {
        if (_passedOverIsTold || folder.PassedOver() is not { } passedOver)
            return;
        _passedOverIsTold = true;
        log.PicturesPassedOver(folder.Path, passedOver, PictureFormat.Hint);
    }

    void Begin(PictureFolder folder)
    {
        _journal = journal(folder.Path);
        List<FolderArrivals.Sighting>? files = Look(folder);
        Remember(kept =>
        {
            IReadOnlyList<FolderArrivals.Sighting> taken = kept.Read() ?? files ?? [];
            _arrivals.Ignore(taken);
            // Without the folder nobody knows which files are gone.
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
        watched.Arrived(picture.Name, picture.LastWrite);
        while (true)
        {
            Task<CommittedResult>? outcome;
            while (!queue.TryRequest(Trigger.Folder, out outcome))
                await Task.Delay(ShortestPause, clock, stoppingToken);
            // The worker reports what went wrong with one picture; the next one is waiting.
            await ((Task)outcome).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            if (outcome.Exception?.InnerException is not EdgeShelfException { Code: EdgeShelfException.NotKept })
                break;
            // Neither a result nor an event tells of this picture, and it is still there: it waits until the disk takes them again.
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
        Remember(kept => kept.Add(picture));
    }

    /// <summary>A disk that is full or read-only must not stop the pictures; what is not remembered may be taken twice after a restart.</summary>
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
            Span<byte> end = stackalloc byte[8];
            return RegularFile.TryReadEnd(Path.Combine(folder.Path, name), end) && FrameBytes.EndsWhole(end);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
