using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Asks for a picture at start and then every <see cref="CaptureOptions.Interval"/> of monotonic time: steps of the wall clock
/// neither stop nor flood it. A picture that falls due while one is still being taken is left out, not made up for.
/// </summary>
sealed class TimerTrigger(CaptureInterval interval, CaptureQueue queue, TimeProvider clock, ILogger<TimerTrigger> log) : BackgroundService
{
    // Every second picture may be late for years; a line for each would only wear the card out.
    static readonly TimeSpan TellAgain = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (interval.Current == TimeSpan.Zero)
            return;
        using PeriodicTimer timer = new(interval.Current, clock);
        void Change() => timer.Period = interval.Current;
        interval.Changed += Change;
        try
        {
            await AskAtEachTickAsync(timer, stoppingToken);
        }
        finally
        {
            interval.Changed -= Change;
        }
    }

    async Task AskAtEachTickAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        Task<CommittedResult>? last = null;
        long? told = null;
        do
        {
            bool asked = (last is null or { IsCompleted: true }) && queue.TryRequest(Trigger.Timer, out last);
            if (!asked && (told is null || clock.GetElapsedTime(told.Value) >= TellAgain))
            {
                log.TimerFallsBehind(Duration.Text(interval.Current));
                told = clock.GetTimestamp();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
