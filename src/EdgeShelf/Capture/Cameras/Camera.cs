using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Where pictures come from. One caller at a time; each call is bounded by <see cref="CaptureOptions.Timeout"/>.
/// </summary>
abstract class Camera : IAsyncDisposable
{
    /// <summary>The kind, as in `Capture:Camera` and in the result's `image.source`.</summary>
    public abstract string Kind { get; }

    /// <summary>Pictures are taken when the camera has a new one, not by the timer.</summary>
    public virtual bool BringsItsOwnTrigger => false;

    /// <summary>Takes one picture now.</summary>
    /// <exception cref="CaptureException">The camera has none, hangs, or gives something that is no picture.</exception>
    public abstract Task<Frame> CaptureAsync(CancellationToken cancellationToken);

    /// <summary>Releases the device; child processes are gone when it returns.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
