namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Gives the picture that arrived last in the folder. Asked again, by a button or a request, it gives the same one with the
/// time of its arrival, so that nobody takes it for a new one.
/// </summary>
sealed class WatchedFolderCamera(FolderCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    volatile Arrival? _newest;

    public override string Kind => FolderCamera.Definition.Name;

    public override bool BringsItsOwnTrigger => true;

    public PictureFolder Folder { get; } = new(options.Path!);

    /// <summary>A new picture is whole: the next capture gives it. Safe from any thread.</summary>
    /// <param name="at">When the file was last written, UTC.</param>
    public void Arrived(string name, DateTime at) => _newest = new Arrival(name, new DateTimeOffset(at, TimeSpan.Zero));

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        Arrival newest = _newest
            ?? throw new CaptureException("no-picture", $"No picture has arrived in {Folder.Path} yet. {Folder.PassedOver()}".TrimEnd(), "Put a .jpg, .jpeg or .png file into it.");
        return RunBlockingAsync(() => new Taken(Folder.Read(newest.Name), newest.Name, newest.Name, newest.At), cancellationToken);
    }

    sealed record Arrival(string Name, DateTimeOffset At);
}
