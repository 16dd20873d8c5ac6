namespace EdgeShelf.Platform;

/// <summary>A file that one process holds at a time. The kernel releases it when the process ends, however it ends.</summary>
static class FileLock
{
    // EWOULDBLOCK of errno.h, which .NET returns for a file that another process has locked.
    const int WouldBlock = 11;

    /// <returns>The lock, which disposing releases, or null if another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException locked) when (locked.HResult == WouldBlock)
        {
            return null;
        }
    }
}
