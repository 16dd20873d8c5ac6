namespace EdgeShelf.Capture.Cameras;

/// <summary>Replays the pictures of a folder in name order, as if a camera took one after the other.</summary>
sealed class FolderCamera(FolderCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    readonly PictureFolder _folder = new(options.Path!);
    string? _last;

    public override string Kind => CameraKinds.Folder;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken) => RunBlockingAsync(Take, cancellationToken);

    Taken Take()
    {
        string name = Next(_folder.List());
        // Remembered before the file is read: a bad one fails once a round and does not stop the replay.
        _last = name;
        return new Taken(_folder.Read(name), name, name);
    }

    // Looked up anew at each picture, so files may come and go between two.
    string Next(IReadOnlyList<FileInfo> pictures)
    {
        if (pictures.Count == 0)
            throw new CaptureException("no-picture", $"The folder {_folder.Path} holds no .jpg, .jpeg or .png file.", "Put pictures into it.");
        FileInfo? next = pictures.FirstOrDefault(file => _last is null || string.CompareOrdinal(file.Name, _last) > 0);
        if (next is null && !options.Loop)
            throw new CaptureException("no-picture", $"All pictures of {_folder.Path} were replayed.", "Set Capture:Folder:Loop to true to begin again.");
        return (next ?? pictures[0]).Name;
    }
}
