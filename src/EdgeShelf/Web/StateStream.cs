using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Web;

/// <summary>Sends the device's state to each open page: at every change, and at a regular interval so that a page notices when the connection is lost.</summary>
sealed class StateStream(ShelfStatus status, DeviceReport report, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of pages that can listen at a time.</summary>
    readonly RequestPermits _listeners = new(20);

    /// <returns>Null when too many pages listen already. The events end when the request would no longer be admitted.</returns>
    public IAsyncEnumerable<SseItem<DeviceState>>? TryListen(HttpContext http, CancellationToken cancellationToken)
    {
        if (_listeners.TryTake(http) is not { } permit)
            return null;
        // The response disposes the permit, not the event stream: a client that disconnects before the first event must return its permit too.
        http.Response.RegisterForDispose(permit);
        SilentReader.IsHungUpOn(http);
        return ListenAsync(() => Admission.StillHolds(http), cancellationToken);
    }

    async IAsyncEnumerable<SseItem<DeviceState>> ListenAsync(Func<bool> isLetIn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        // Changes that occur while an event is being written are combined into one.
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Changed() => changes.Writer.TryWrite(true);
        status.Changed += Changed;
        using ITimer heartbeat = clock.CreateTimer(_ => Changed(), null, TimeSpan.Zero, Heartbeat);
        try
        {
            while (await WaitAsync(changes.Reader, end.Token) && isLetIn())
                yield return new SseItem<DeviceState>(report.Now(), "state");
        }
        finally
        {
            status.Changed -= Changed;
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
