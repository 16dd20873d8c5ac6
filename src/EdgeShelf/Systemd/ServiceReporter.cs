using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Systemd;

/// <summary>
/// Tells systemd how the service does: a sign of life while no stage is hung, and the status line when it changed. Once a
/// stage is hung it falls silent, and systemd starts the service again.
/// </summary>
/// <param name="signOfLife">How often systemd wants one; null when it does not.</param>
sealed class ServiceReporter(
    ISystemdNotifier systemd, StageProgress progress, StallRule rule, ShelfStatus status, TimeSpan? signOfLife, TimeProvider clock, ILogger<ServiceReporter> log)
    : BackgroundService
{
    /// <summary>How fresh the status line is.</summary>
    static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(5);

    /// <summary>Characters of the status line.</summary>
    const int MaxStatus = 500;

    string? _told;
    bool _isStalled;
    int _reports;

    /// <summary>How often systemd was told, or deliberately not told, how things are.</summary>
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
            // The service stops: systemd hears so from the host.
        }
    }

    void Report()
    {
        if (rule.FindStalled(progress.InHand()) is { } stalled)
        {
            TimeSpan limit = rule.LimitOf(stalled.Stage);
            if (!_isStalled)
                log.StageIsHung(stalled.Stage, stalled.For, limit);
            _isStalled = true;
            Tell($"hung in {stalled.Stage} for {stalled.For.TotalSeconds:F0} s; systemd will start the service again");
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
        // The protocol is one line a variable.
        string oneLine = PlainText.Shown(line, MaxStatus);
        if (oneLine == _told)
            return;
        systemd.Notify(new ServiceState($"STATUS={oneLine}"));
        _told = oneLine;
    }
}
