using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Keeps a verb and the running service from changing the documents at the same time. The kernel releases the lock when a process ends.</summary>
static class PlanLock
{
    // EWOULDBLOCK of errno.h, which .NET returns for a file that another process has locked.
    const int WouldBlock = 11;

    /// <exception cref="RequestRefusedException">`busy`: another process is changing the documents.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static IDisposable Take(string folder)
    {
        ReadableByAll.CreateFolder(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "plan.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException locked) when (locked.HResult == WouldBlock)
        {
            throw new RequestRefusedException("busy", "Another process is changing the slots or the planogram.", "Try again in a second.");
        }
    }
}
