using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>Writes files so that they are complete and on disk when a call returns, even if the power fails immediately after.</summary>
static partial class DurableFile
{
    // errno.h
    const int InvalidArgument = 22, ReadOnlyFileSystem = 30, NotSupported = 95;

    /// <summary>Does not follow links.</summary>
    static readonly EnumerationOptions TwoLevels = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Replaces a file. Readers see either the old content or the new content, never a part of it.</summary>
    /// <param name="mode">The permissions of the file, independent of the umask. Null means 0644 reduced by the umask.</param>
    /// <exception cref="IOException">The content could not be written, or the disk did not confirm it. The old file is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to write to the folder.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        // The random name and CreateNew: a symbolic link that somebody placed there is not followed, and two writers do not share a draft.
        string draft = $"{path}.{Path.GetRandomFileName()}.new";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is not null)
            options.UnixCreateMode = mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            using FileStream file = new(draft, options);
            file.Write(content);
            if (mode is { } wanted)
                File.SetUnixFileMode(file.SafeFileHandle, wanted);
            file.Flush(flushToDisk: true);
            // Rename it while it is open: its lock tells RemoveDrafts of another process that this draft is in use.
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>
    /// Deletes the drafts that a power cut left in a folder and in the two levels of folders below it. A draft that is being written is locked and stays. A folder that does not exist
    /// or cannot be read has none.
    /// </summary>
    /// <returns>The number of deleted files.</returns>
    public static int RemoveDrafts(string folder)
    {
        int removed = 0;
        try
        {
            foreach (FileInfo draft in new DirectoryInfo(folder).EnumerateFiles("*.new", TwoLevels).Where(file => DraftName().IsMatch(file.Name)))
                removed += TryRemove(draft.FullName) ? 1 : 0;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            // A leftover costs a little space. Whoever writes to this folder next reports what is wrong with it.
        }
        return removed;
    }

    static bool TryRemove(string draft)
    {
        try
        {
            using FileStream unused = new(draft, FileMode.Open, FileAccess.Read, FileShare.None);
            File.Delete(draft);
            return true;
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The name that <see cref="Write"/> gives to a draft.</summary>
    [GeneratedRegex(@"^.+\.[a-z0-9]{8}\.[a-z0-9]{3}\.new$")]
    private static partial Regex DraftName();

    /// <summary>Flushes the folder, so that renames in it survive a power cut.</summary>
    /// <exception cref="IOException">The disk did not confirm them.</exception>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using SafeFileHandle handle = Posix.Open(folder, Posix.CloseOnExec);
        // Some network file systems do not support this call for folders, and there is no other way to flush them.
        if (Posix.TrySync(handle) is not (0 or InvalidArgument or ReadOnlyFileSystem or NotSupported))
            throw Posix.Failure(folder);
    }
}
