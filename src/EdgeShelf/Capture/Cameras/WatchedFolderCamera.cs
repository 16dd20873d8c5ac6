using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Returns the picture that arrived last in the folder. A later capture by a button or a request returns the same picture with the
/// time of its arrival, so that it is not mistaken for a new one.
/// </summary>
sealed class WatchedFolderCamera(FolderCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    volatile PictureFile? _newest;

    public override string Kind => FolderCamera.Definition.Name;

    public override bool BringsItsOwnTrigger => true;

    public PictureFolder Folder { get; } = new(options.Path!);

    /// <summary>Sets the new, complete picture that the next capture returns. This method is thread-safe.</summary>
    public void Arrived(PictureFile picture) => _newest = picture;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        PictureFile? newest = _newest;
        return RunBlockingAsync(
            () => newest is null
                ? throw new CaptureException("no-picture", $"No picture has arrived in {Folder.Path} yet. {Folder.List().PassedOver}".TrimEnd(), "Put a .jpg, .jpeg or .png file into it.")
                : new Taken(Folder.Read(newest.Name), newest.Name, newest, new DateTimeOffset(newest.LastWrite, TimeSpan.Zero)),
            cancellationToken);
    }
}
