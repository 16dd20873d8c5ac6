namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Gives the picture that arrived last in the folder. Asked again, by a button or a request, it gives the same one with the
/// time of its arrival, so that nobody takes it for a new one.
/// </summary>
sealed class WatchedFolderCamera(FolderCameraOptions options, FolderInbox inbox, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    readonly PictureFolder _folder = new(options.Path!);

    public override string Kind => CameraKinds.Folder;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        FolderInbox.Arrival newest = inbox.Newest
            ?? throw new CaptureException("no-picture", $"No picture has arrived in {_folder.Path} yet.", "Put a .jpg, .jpeg or .png file into it.");
        return RunBlockingAsync(() => new Taken(_folder.Read(newest.Name), newest.Name, newest.Name, newest.At), cancellationToken);
    }
}
