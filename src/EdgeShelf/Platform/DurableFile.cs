using System.Runtime.InteropServices;

namespace EdgeShelf.Platform;

/// <summary>Files that are whole and on disk when a call returns, also when the power goes a moment later.</summary>
static partial class DurableFile
{
    /// <summary>Readers see the old content or the new, never a part.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".new";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes renames in the folder last.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        int handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = Fsync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
