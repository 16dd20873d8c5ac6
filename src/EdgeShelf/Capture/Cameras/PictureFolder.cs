using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The pictures in a folder, recognized by their file name extensions.</summary>
/// <param name="read">Reads a file up to a maximum number of bytes. Tests replace it.</param>
sealed class PictureFolder(string path, Func<string, int, byte[]>? read = null)
{
    readonly Func<string, int, byte[]> _read = read ?? RegularFile.ReadAllBytes;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Lists the folder once.</summary>
    /// <exception cref="CaptureException">`camera-unreachable`: the folder does not exist or cannot be read.</exception>
    public PictureListing List()
    {
        try
        {
            List<FileInfo> pictures = [];
            List<string> others = [];
            foreach (FileInfo file in new DirectoryInfo(Path).EnumerateFiles())
            {
                if (PictureFormat.IsPassedOver(file.Name))
                    others.Add(file.Name);
                else if (PictureFormat.IsRead(file.Name) && file.LinkTarget is null)
                    pictures.Add(file);
            }
            return new PictureListing([.. pictures.OrderBy(file => file.Name, StringComparer.Ordinal)], PictureFormat.PassedOver(others));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("camera-unreachable", $"The folder {Path} cannot be read: {absent.Message}",
                "Create it, or set Capture:Folder:Path to a folder that holds pictures.", absent);
        }
    }

    /// <exception cref="CaptureException">`no-picture`: the file does not exist or cannot be read. `too-large`: the file exceeds the limit.</exception>
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
            throw new CaptureException("no-picture", $"{file.FullName} cannot be read: {unreadable.Message}", "Check that the file exists and that this user may read it.", unreadable);
        }
    }
}

/// <param name="Pictures">The current pictures, in ordinal order of their names.</param>
/// <param name="PassedOver">A sentence about the pictures in unsupported formats, or null if there are none.</param>
sealed record PictureListing(IReadOnlyList<FileInfo> Pictures, string? PassedOver);
