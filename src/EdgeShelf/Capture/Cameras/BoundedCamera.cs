using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Ensures what every camera guarantees: it takes one picture at a time, within a time limit, and returns only JPEG, PNG or raw pixels.</summary>
abstract class BoundedCamera(TimeSpan timeout, TimeProvider clock) : Camera
{
    protected static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1, 1);
    Task _blocking = Task.CompletedTask;
    bool _isDisposed;

    /// <summary>The detector of frozen pictures for live cameras, or null for cameras that replay existing pictures.</summary>
    public FreezeDetector? Freeze { get; init; }

    protected TimeProvider Clock => clock;

    public sealed override async Task<Frame> CaptureAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        bool entered = false;
        try
        {
            // An earlier call that timed out may still be taking its picture. The device must not be opened twice.
            await _one.WaitAsync(either.Token);
            entered = true;
            long start = clock.GetTimestamp();
            Taken picture = await TakeAsync(either.Token);
            if (picture.Layout is null)
                FrameBytes.Check(picture.Bytes.Span, picture.From);
            return new Frame(picture.Bytes, Kind, picture.File?.Name, picture.TakenAt ?? clock.GetUtcNow(), clock.GetElapsedTime(start))
            {
                Layout = picture.Layout,
                File = picture.File,
                IsFrozen = Freeze?.IsFrozen(picture.Bytes) ?? false,
            };
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CaptureException(
                "camera-timeout", $"The camera `{Kind}` did not return a picture within {timeout.TotalSeconds:0.###} s{Words.Quoted(LastWords)}",
                "Check that the camera works outside EdgeShelf, or raise Capture:Timeout.", late);
        }
        catch (Exception problem) when (problem is not (EdgeShelfException or OperationCanceledException))
        {
            // Catch everything: drivers, sockets and file systems throw many kinds of exceptions, and for the caller all of them mean that there is no picture.
            throw new CaptureException("camera-failed", $"The camera `{Kind}` failed: {problem.Message}", "Check that the camera works outside EdgeShelf.", problem);
        }
        finally
        {
            if (entered)
                _one.Release();
        }
    }

    /// <summary>The last error output of the camera's program about the current picture, or null if there is no program.</summary>
    protected virtual string? LastWords => null;

    /// <summary>Takes one picture. The method must end soon after cancellation.</summary>
    protected abstract Task<Taken> TakeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs work that the kernel may block forever, such as a read from a dead network mount, on its own thread. The next call waits
    /// for work that outlived its token, so that at most one thread is stuck.
    /// </summary>
    protected async Task<T> RunBlockingAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _blocking.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        Task<T> running = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _blocking = running;
        return await running.WaitAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        // The current call has been cancelled and needs a moment to end the programs that it started.
        await _one.WaitAsync(DisposeLimit);
        await Task.WhenAny(_blocking, Task.Delay(DisposeLimit, clock));
        await base.DisposeAsync();
    }

    /// <param name="From">The source of the bytes, for the error message if they are not a picture.</param>
    /// <param name="File">The file of the picture, if there is one.</param>
    /// <param name="TakenAt">The time when the picture was taken. Null means now.</param>
    protected readonly record struct Taken(ReadOnlyMemory<byte> Bytes, string From, PictureFile? File = null, DateTimeOffset? TakenAt = null, RawLayout? Layout = null);
}
