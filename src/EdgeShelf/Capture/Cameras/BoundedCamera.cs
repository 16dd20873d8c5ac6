using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>What every camera owes its caller: one picture at a time, an end to waiting, and nothing that is no picture.</summary>
abstract class BoundedCamera(TimeSpan timeout, TimeProvider clock) : Camera
{
    static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1, 1);
    Task _blocking = Task.CompletedTask;

    /// <summary>For cameras that look at the world; null for those that replay what they have.</summary>
    public FreezeDetector? Freeze { get; init; }

    protected TimeProvider Clock => clock;

    public sealed override async Task<Frame> CaptureAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        bool entered = false;
        try
        {
            // A caller that gave up may have left a picture in the making behind; the device is not opened twice.
            await _one.WaitAsync(either.Token);
            entered = true;
            long start = clock.GetTimestamp();
            Taken picture = await TakeAsync(either.Token);
            if (picture.Layout is null)
                FrameBytes.Check(picture.Bytes.Span, picture.From);
            return new Frame(picture.Bytes, Kind, picture.Name, picture.TakenAt ?? clock.GetUtcNow(), clock.GetElapsedTime(start))
            {
                Layout = picture.Layout,
                IsFrozen = Freeze?.IsFrozen(picture.Bytes) ?? false,
            };
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CaptureException(
                "camera-timeout", $"The camera `{Kind}` gave no picture within {timeout.TotalSeconds:0.###} s{Words.Quoted(LastWords)}",
                "See whether it answers by hand, or raise Capture:Timeout.", late);
        }
        catch (Exception problem) when (problem is not (EdgeShelfException or OperationCanceledException))
        {
            // Catch everything: drivers, sockets and file systems throw what they like, and to the caller each means that there is no picture.
            throw new CaptureException("camera-failed", $"The camera `{Kind}` failed: {problem.Message}", "See whether it answers by hand.", problem);
        }
        finally
        {
            if (entered)
                _one.Release();
        }
    }

    /// <summary>What the camera's program said last about the picture in the making, if there is such a program.</summary>
    protected virtual string? LastWords => null;

    /// <summary>Takes one picture; ends soon after the token fires.</summary>
    protected abstract Task<Taken> TakeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs work that the kernel may hold up for ever, such as a read from a dead network mount, on a thread of its own. What
    /// outlives the token is waited for at the next call, so that no more than one thread is ever stuck.
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
        // Whoever is inside has been told to stop and needs a moment to end what it started.
        await _one.WaitAsync(DisposeLimit);
        await Task.WhenAny(_blocking, Task.Delay(DisposeLimit, clock));
        await base.DisposeAsync();
    }

    /// <param name="From">Where the bytes came from, for the error when they are no picture.</param>
    /// <param name="TakenAt">Null: just now.</param>
    protected readonly record struct Taken(ReadOnlyMemory<byte> Bytes, string From, string? Name = null, DateTimeOffset? TakenAt = null, RawLayout? Layout = null);
}
