using System.Runtime;

namespace EdgeShelf.Platform;

/// <summary>Keeps the resident memory of a small board for the picture in work, not for the peaks of the past.</summary>
static class MemoryFootprint
{
    // malloc.h
    const int TrimThreshold = -1;
    const int MmapThreshold = -3;
    const int ArenaMax = -8;

    /// <summary>
    /// From here on a block is a mapping of its own, which goes back to the system when it is freed. Above the size of a tensor: with
    /// a mapping for each, page faults made an inference half as long again.
    /// </summary>
    const int OwnMappingFrom = 32 << 20;

    /// <summary>
    /// Tells glibc to give tensors and pictures back. Left alone it raises its thresholds with each large block and keeps an
    /// arena for each thread. Before the first native allocation.
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
            // musl has no such options, and keeps less by itself.
        }
    }

    /// <summary>Compacts the managed heap too. Takes some ten milliseconds, so only when nothing else is to be done.</summary>
    public static void GiveBackAll()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBackTensors();
    }

    /// <summary>Gives back what the last pictures' tensors took. Takes a millisecond or two.</summary>
    public static void GiveBackTensors()
    {
        try
        {
            _ = Posix.TrimMemory(0);
        }
        catch (EntryPointNotFoundException)
        {
            // As above.
        }
    }
}
