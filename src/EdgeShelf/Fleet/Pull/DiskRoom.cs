using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;

namespace EdgeShelf.Fleet.Pull;

/// <summary>Keeps the space free that the outbox needs.</summary>
static class DiskRoom
{
    /// <exception cref="FetchException">There is too little space; later there may be more.</exception>
    public static void Require(string folder, long bytes, long minFree)
    {
        if (VolumeSpace.Of(folder) is { } space && space.Free - bytes < minFree)
        {
            throw new FetchException(
                FleetProblem.NoSpace, $"{bytes} bytes are needed, and {space.Free} are free; {minFree} of them must stay free.",
                $"Free space on the volume, or lower Fleet:{nameof(FleetOptions.MinFreeBytes)}. It is tried again.");
        }
    }
}
