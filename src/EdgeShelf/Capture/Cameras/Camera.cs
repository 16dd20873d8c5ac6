using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// A source of pictures. Only one caller may use it at a time. <see cref="CaptureOptions.Timeout"/> limits each call.
/// </summary>
abstract class Camera : IAsyncDisposable
{
    /// <summary>The kind of camera, as in `Capture:Camera` and in the result's `image.source`.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether pictures are taken when the camera has a new one, not by the timer.</summary>
    public virtual bool BringsItsOwnTrigger => false;

    /// <summary>Takes one picture now.</summary>
    /// <exception cref="CaptureException">The camera has no picture, hangs, or returns something that is not a picture.</exception>
    public abstract Task<Frame> CaptureAsync(CancellationToken cancellationToken);

    /// <summary>Releases the device. All child processes have ended when it returns.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
