using System.Runtime;
using System.Runtime.InteropServices;

namespace EdgeShelf.Systemd;

/// <summary>Keeps the resident memory of a small board for the picture in work, not for the peaks of the past.</summary>
static partial class MemoryFootprint
{
    // malloc.h
    const int TrimThreshold = -1;
    const int MmapThreshold = -3;
    const int ArenaMax = -8;

    /// <summary>From here on a block is a mapping of its own, which goes back to the system when it is freed.</summary>
    const int OwnMappingFrom = 128 * 1024;

    /// <summary>
    /// Tells glibc to give tensors and pictures back. Left alone it raises its thresholds with each large block and keeps an
    /// arena for each thread. Before the first native allocation.
    /// </summary>
    public static void Limit()
    {
        try
        {
            _ = SetOption(ArenaMax, 1);
            _ = SetOption(MmapThreshold, OwnMappingFrom);
            _ = SetOption(TrimThreshold, OwnMappingFrom);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such options, and keeps less by itself.
        }
    }

    /// <summary>Once, when start-up is over: gives back what loading the model took.</summary>
    public static void GiveBack()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // As above.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
