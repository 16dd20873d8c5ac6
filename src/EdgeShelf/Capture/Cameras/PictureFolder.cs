using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The pictures in one folder, by their names' endings.</summary>
/// <param name="read">Reads a file of at most so many bytes; another one in tests.</param>
sealed class PictureFolder(string path, Func<string, int, byte[]>? read = null)
{
    readonly Func<string, int, byte[]> _read = read ?? RegularFile.ReadAllBytes;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The pictures there are now, in the order of their names' characters.</summary>
    /// <exception cref="CaptureException">`camera-unreachable`: the folder is not there or may not be read.</exception>
    public IReadOnlyList<FileInfo> List()
    {
        try
        {
            return [.. new DirectoryInfo(Path).EnumerateFiles()
                .Where(file => PictureFormat.IsRead(file.Name) && file.LinkTarget is null)
                .OrderBy(file => file.Name, StringComparer.Ordinal)];
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("camera-unreachable", $"The folder {Path} cannot be read: {absent.Message}",
                "Create it, or set Capture:Folder:Path to a folder that holds pictures.", absent);
        }
    }

    /// <summary>One sentence about the pictures of other formats that there are now; null: there are none, or the folder cannot be read.</summary>
    public string? PassedOver()
    {
        try
        {
            return PictureFormat.PassedOver(Directory.EnumerateFiles(Path));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="CaptureException">`no-picture` when the file is gone or may not be read, `too-large` above the limit.</exception>
    public byte[] Read(string name)
    {
        FileInfo file = new(System.IO.Path.Combine(Path, name));
        try
        {
            if (file.Length > FrameBytes.MaxBytes)
                throw new CaptureException("too-large", $"{file.FullName} has {file.Length} bytes; at most {FrameBytes.MaxBytes} are allowed.", "Save smaller pictures.");
            return _read(file.FullName, FrameBytes.MaxBytes);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("no-picture", $"{file.FullName} cannot be read: {unreadable.Message}", "See whether the file is there and may be read.", unreadable);
        }
    }
}
