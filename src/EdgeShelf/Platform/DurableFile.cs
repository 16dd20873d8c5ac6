using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>Files that are whole and on disk when a call returns, also when the power goes a moment later.</summary>
static class DurableFile
{
    // errno.h
    const int InvalidArgument = 22, ReadOnlyFileSystem = 30, NotSupported = 95;

    /// <summary>Replaces a file. Readers see the old content or the new, never a part.</summary>
    /// <param name="mode">Permissions of the file, whatever the umask is. Null: what the umask leaves of 0644.</param>
    /// <exception cref="IOException">The content could not be written, or the disk did not confirm it; the old file stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        // A name that nobody foresees, and CreateNew: no link that somebody put in the way is followed, and two writers do not share a draft.
        string draft = $"{path}.{Path.GetRandomFileName()}.new";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is not null)
            options.UnixCreateMode = mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            using (FileStream file = new(draft, options))
            {
                file.Write(content);
                if (mode is { } wanted)
                    File.SetUnixFileMode(file.SafeFileHandle, wanted);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes renames in the folder last.</summary>
    /// <exception cref="IOException">The disk did not confirm them.</exception>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using SafeFileHandle handle = Posix.Open(folder, Posix.CloseOnExec);
        // Some network file systems have no such call for folders; there is nothing more to ask of them.
        if (Posix.TrySync(handle) is not (0 or InvalidArgument or ReadOnlyFileSystem or NotSupported))
            throw Posix.Failure(folder);
    }
}
