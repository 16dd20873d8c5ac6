namespace EdgeShelf.Capture.Cameras;

/// <summary>The picture that arrived last in the watched folder: the watcher puts it in, the camera takes it. Safe from any thread.</summary>
sealed class FolderInbox
{
    Arrival? _newest;

    public Arrival? Newest
    {
        get => Volatile.Read(ref _newest);
        set => Volatile.Write(ref _newest, value);
    }

    /// <param name="At">When it was seen to be whole, UTC.</param>
    public sealed record Arrival(string Name, DateTimeOffset At);
}
