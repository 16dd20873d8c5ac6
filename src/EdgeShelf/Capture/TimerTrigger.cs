using EdgeShelf.Publish;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture;

/// <summary>
/// Asks for a picture at start and then every <see cref="CaptureOptions.Interval"/> of monotonic time: steps of the wall clock
/// neither stop nor flood it. A picture that falls due while one is still being taken is left out, not made up for.
/// </summary>
sealed class TimerTrigger(IOptions<CaptureOptions> options, CaptureQueue queue, TimeProvider clock, ILogger<TimerTrigger> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Interval == TimeSpan.Zero || options.Value is { Camera: CameraKinds.Folder, Folder.Watch: true })
            return;
        using PeriodicTimer timer = new(options.Value.Interval, clock);
        Task<ResultDocument>? last = null;
        bool leavingOut = false;
        do
        {
            bool asked = (last is null or { IsCompleted: true }) && queue.TryRequest(Trigger.Timer, out last);
            if (!asked && !leavingOut)
                log.TimerFallsBehind(options.Value.Interval);
            leavingOut = !asked;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
