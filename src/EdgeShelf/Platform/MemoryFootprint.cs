using System.Runtime;

namespace EdgeShelf.Platform;

/// <summary>Limits the resident memory to what the current picture needs, because memory from earlier peaks is scarce on a small board.</summary>
static class MemoryFootprint
{
    // malloc.h
    const int TrimThreshold = -1;
    const int MmapThreshold = -3;
    const int ArenaMax = -8;

    /// <summary>
    /// Blocks of at least this size get a mapping of their own, which is returned to the system when the block is freed. The value is
    /// above the size of a tensor: with a mapping for each tensor, page faults made an inference take 50 % longer.
    /// </summary>
    const int OwnMappingFrom = 32 << 20;

    /// <summary>
    /// Configures glibc to return the memory of tensors and pictures to the system. By default it raises its thresholds with each large
    /// block and keeps an arena for each thread. Call this before the first native allocation.
    /// </summary>
    public static void Limit()
    {
        try
        {
            _ = Posix.SetMemoryOption(ArenaMax, 1);
            _ = Posix.SetMemoryOption(MmapThreshold, OwnMappingFrom);
            _ = Posix.SetMemoryOption(TrimThreshold, OwnMappingFrom);
        }
        catch (EntryPointNotFoundException)
        {
            // musl does not have these options, and keeps less memory by default.
        }
    }

    /// <summary>Also compacts the managed heap. This takes tens of milliseconds, so call it only when the service is idle.</summary>
    public static void GiveBackAll()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBackTensors();
    }

    /// <summary>Returns the memory of the last pictures' tensors to the system. This takes one or two milliseconds.</summary>
    public static void GiveBackTensors()
    {
        try
        {
            _ = Posix.TrimMemory(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl does not have this function either.
        }
    }
}
