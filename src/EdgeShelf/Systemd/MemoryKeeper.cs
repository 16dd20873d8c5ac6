using EdgeShelf.Platform;
using EdgeShelf.Recognition;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Systemd;

/// <summary>Returns the memory of pictures to the system: tensors soon after each picture, everything else when the service is idle.</summary>
sealed class MemoryKeeper(ShelfClassifier classifier, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>The maximum time between two full cleanups. With a picture each second the service is never idle.</summary>
    static readonly TimeSpan EverythingAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, clock);
        long seen = 0;
        bool isClean = true;
        long cleanedAt = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            long answered = classifier.Answered;
            bool isIdle = answered == seen;
            seen = answered;
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
