using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Web;

/// <summary>
/// Sends the device's state to each open page: at every change, and at a regular interval so that a page notices when the connection is lost.
/// Sends the bay after each look and each change of its slots, planogram or examples.
/// </summary>
sealed class StateStream(ShelfStatus status, ShelfHistory history, DeviceReport report, BayStatus bay, TaughtProducts taught, BayReport bayReport, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of pages that can listen at a time.</summary>
    readonly RequestPermits _listeners = new(20);

    /// <returns>Null when too many pages listen already. The events end when the request would no longer be admitted.</returns>
    public IAsyncEnumerable<SseItem<object>>? TryListen(HttpContext http, CancellationToken cancellationToken)
    {
        if (_listeners.TryTake(http) is not { } permit)
            return null;
        // The response disposes the permit, not the event stream: a client that disconnects before the first event must return its permit too.
        http.Response.RegisterForDispose(permit);
        SilentReader.IsHungUpOn(http);
        return ListenAsync(() => Admission.StillHolds(http), cancellationToken);
    }

    async IAsyncEnumerable<SseItem<object>> ListenAsync(Func<bool> isLetIn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        // Changes that occur while an event is being written are combined into one of each kind.
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        (int state, int shelf) = (0, 0);
        void StateChanged()
        {
            Interlocked.Exchange(ref state, 1);
            changes.Writer.TryWrite(true);
        }
        void ShelfChanged()
        {
            Interlocked.Exchange(ref shelf, 1);
            changes.Writer.TryWrite(true);
        }
        void BayChanged(IReadOnlyList<SlotChange> confirmed) => ShelfChanged();
        status.Changed += StateChanged;
        bay.Changed += BayChanged;
        taught.Changed += ShelfChanged;
        using ITimer heartbeat = clock.CreateTimer(_ => StateChanged(), null, TimeSpan.Zero, Heartbeat);
        try
        {
            while (await WaitAsync(changes.Reader, end.Token) && isLetIn())
            {
                history.Looked();
                if (Interlocked.Exchange(ref state, 0) == 1)
                    yield return new SseItem<object>(report.Now(), "state");
                if (Interlocked.Exchange(ref shelf, 0) == 1)
                    yield return new SseItem<object>(bayReport.Now(withDay: false), "shelf");
            }
        }
        finally
        {
            status.Changed -= StateChanged;
            bay.Changed -= BayChanged;
            taught.Changed -= ShelfChanged;
        }
    }

    static async Task<bool> WaitAsync(ChannelReader<bool> changes, CancellationToken end)
    {
        try
        {
            return await changes.ReadAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
