using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Keeps a verb and the running service from changing the documents at the same time. The kernel releases the lock when a process ends.</summary>
static class PlanLock
{
    /// <exception cref="RequestRefusedException">`busy`: another process is changing the documents.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static IDisposable Take(string folder)
    {
        ReadableByAll.CreateFolder(folder);
        return FileLock.TryTake(Path.Combine(folder, "plan.lock"))
            ?? throw new RequestRefusedException("busy", "Another process is changing the slots or the planogram.", "Try again in a second.");
    }
}
