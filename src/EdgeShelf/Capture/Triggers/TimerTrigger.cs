using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Requests a picture at startup and then every <see cref="CaptureOptions.Interval"/> of monotonic time, so that changes of the system
/// clock neither stop it nor cause extra pictures. A picture that is due while another one is being taken is skipped.
/// </summary>
sealed class TimerTrigger(CaptureInterval interval, CaptureQueue queue, TimeProvider clock, ILogger<TimerTrigger> log) : BackgroundService
{
    // A slow device may skip every second picture for years, and a log line for each would only wear out the card.
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
