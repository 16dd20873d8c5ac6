using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Systemd;

/// <summary>
/// Reports to systemd: it notifies the watchdog while no stage is hung, and updates the status line when it has changed. When a stage
/// is hung it stops notifying the watchdog, so that systemd restarts the service.
/// </summary>
/// <param name="signOfLife">The interval between watchdog notifications, or null if systemd does not expect any.</param>
sealed class ServiceReporter(
    ISystemdNotifier systemd, StageProgress progress, StallRule rule, ShelfStatus status, TimeSpan? signOfLife, TimeProvider clock, ILogger<ServiceReporter> log)
    : BackgroundService
{
    /// <summary>The maximum age of the status line.</summary>
    static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(5);

    /// <summary>Characters of the status line.</summary>
    const int MaxStatus = 500;

    string? _told;
    bool _isStalled;
    int _reports;

    /// <summary>The number of times that systemd was notified, or deliberately not notified.</summary>
    internal int Reports => Volatile.Read(ref _reports);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan every = signOfLife is { } wanted && wanted < StatusEvery ? wanted : StatusEvery;
        using PeriodicTimer timer = new(every, clock);
        try
        {
            do
            {
                Report();
                Interlocked.Increment(ref _reports);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping. The host notifies systemd of that.
        }
    }

    void Report()
    {
        if (rule.FindStalled(progress.InHand()) is { } stalled)
        {
            (string time, string limit) = (Duration.Text(stalled.For), Duration.Text(rule.LimitOf(stalled.Stage)));
            if (!_isStalled)
                log.StageIsHung(stalled.Stage, time, limit);
            _isStalled = true;
            Tell($"hung in {stalled.Stage} for {stalled.For.TotalSeconds:F0} s; systemd will restart the service");
            return;
        }
        if (_isStalled)
            log.StageGoesOn();
        _isStalled = false;
        Tell(StatusLine.Of(status.Now));
        if (signOfLife is not null)
            systemd.Notify(new ServiceState("WATCHDOG=1"));
    }

    void Tell(string line)
    {
        // The protocol has one line per variable.
        string oneLine = PlainText.Shown(line, MaxStatus);
        if (oneLine == _told)
            return;
        systemd.Notify(new ServiceState($"STATUS={oneLine}"));
        _told = oneLine;
    }
}
