using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Replays the pictures of a folder in name order, as if a camera took one after the other. After a restart the replay continues behind the last
/// picture that has a result.
/// </summary>
sealed class FolderCamera(FolderCameraOptions options, TimeSpan timeout, TimeProvider clock, Func<string, int, byte[]>? read = null) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<FolderCameraOptions> Definition = new(
        "folder", "Check Capture:Folder:Path.", CaptureJson.Default.FolderCameraOptions, ProblemsOf,
        (options, settings) => options.Watch ? new WatchedFolderCamera(options, settings.Timeout, settings.Clock) : new FolderCamera(options, settings.Timeout, settings.Clock))
    {
        Absent = options => string.IsNullOrEmpty(options.Path) || File.Exists(options.Path) || Directory.Exists(options.Path)
            ? []
            : [$"Capture:Folder:Path is {options.Path}, which is not there now; the first picture comes once it is"],
    };

    string? _last;

    public PictureFolder Folder { get; } = new(options.Path!, read);

    /// <summary>Begins the replay after this file instead of with the first one. Call this before the first capture.</summary>
    public void ContinueAfter(string name) => _last = name;

    public override string Kind => Definition.Name;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken) => RunBlockingAsync(Take, cancellationToken);

    Taken Take()
    {
        FileInfo next = Next(Folder.List());
        // Remember the name before the file is read, so that a bad file fails once per round and does not stop the replay.
        _last = next.Name;
        return new Taken(Folder.Read(next.Name), next.Name, new PictureFile(Folder.Path, next.Name, next.Length, next.LastWriteTimeUtc));
    }

    // List the files again for each picture, because files may be added or removed in between.
    FileInfo Next(PictureListing listing)
    {
        IReadOnlyList<FileInfo> pictures = listing.Pictures;
        if (pictures.Count == 0)
            throw new CaptureException("no-picture", $"The folder {Folder.Path} holds no .jpg, .jpeg or .png file. {listing.PassedOver}".TrimEnd(), "Put pictures into it.");
        FileInfo? next = pictures.FirstOrDefault(file => _last is null || string.CompareOrdinal(file.Name, _last) > 0);
        if (next is null && !options.Loop)
            throw new CaptureException("no-picture", $"All pictures of {Folder.Path} were replayed.", "Put further pictures into it, or set Capture:Folder:Loop to true to begin again.");
        return next ?? pictures[0];
    }

    static IEnumerable<string> ProblemsOf(FolderCameraOptions folder)
    {
        if (string.IsNullOrWhiteSpace(folder.Path))
            yield return $"Capture:Folder:Path is {SettingRules.Shown(folder.Path)}; the camera `folder` needs a folder with JPEG or PNG files";
        else if (File.Exists(folder.Path))
            yield return $"Capture:Folder:Path is {folder.Path}; a folder is needed, and this is a file";
    }
}

sealed class FolderCameraOptions
{
    /// <summary>The folder with JPEG or PNG files. Subfolders are ignored. The folder may be created later.</summary>
    public string? Path { get; set; }

    /// <summary>Whether to start again with the first picture after the last one.</summary>
    public bool Loop { get; set; } = true;

    /// <summary>Whether to take each picture that arrives in the folder instead of replaying the existing ones. The timer is then off.</summary>
    public bool Watch { get; set; }
}
