using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Systemd;

/// <summary>Returns the memory of pictures to the system: tensors soon after each picture, everything else when the service is idle.</summary>
sealed class MemoryKeeper(ShelfClassifier classifier, BayStatus bay, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>The maximum time between two full cleanups. With a picture each second the service is never idle.</summary>
    static readonly TimeSpan EverythingAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, clock);
        // A look at a bay in which nothing changed runs no network, but it decodes a picture.
        (long Answered, DateTimeOffset? LookedAt) seen = default;
        bool isClean = true;
        long cleanedAt = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            (long, DateTimeOffset?) now = (classifier.Answered, bay.Now.State.LastLookAt);
            bool isIdle = now == seen;
            seen = now;
            if (isIdle && isClean)
                continue;
            isClean = isIdle || clock.GetElapsedTime(cleanedAt) >= EverythingAfter;
            if (isClean)
            {
                MemoryFootprint.GiveBackAll();
                cleanedAt = clock.GetTimestamp();
            }
            else
            {
                MemoryFootprint.GiveBackTensors();
            }
        }
    }
}
