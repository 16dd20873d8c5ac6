using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// Requests pictures early while a change is not confirmed, so that it takes seconds and not minutes. While somebody stands in front of the
/// shelf for long, the requests become rare.
/// </summary>
/// <param name="every">The time to the next picture.</param>
sealed class EarlyLooks(BayKeeper bay, CaptureQueue queue, TimeSpan every, TimeProvider clock) : IHostedService, IDisposable
{
    /// <summary>The number of early pictures in a row before the time between them doubles, and doubles again with each further one.</summary>
    internal const int Often = 20;

    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    readonly Lock _gate = new();
    ITimer? _timer;
    int _inARow;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _timer = clock.CreateTimer(_ => queue.TryRequest(Trigger.Confirm, out Task<CommittedResult>? _), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        bay.Looked += Follow;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        bay.Looked -= Follow;
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    void Follow(bool isPending)
    {
        lock (_gate)
        {
            _inARow = isPending ? _inARow + 1 : 0;
            _timer?.Change(isPending ? Delay(_inARow) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    TimeSpan Delay(int inARow)
    {
        // The limit of the exponent keeps the multiplication in range; 2^10 times one second is more than the longest time.
        TimeSpan delay = every * Math.Pow(2, Math.Clamp(inARow - Often, 0, 10));
        return delay > Longest && Longest > every ? Longest : delay;
    }
}
