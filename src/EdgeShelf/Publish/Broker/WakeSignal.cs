using System.Threading.Channels;

namespace EdgeShelf.Publish.Broker;

/// <summary>Lets many threads wake one waiter. A signal is kept while nobody waits, and several signals count as one.</summary>
sealed class WakeSignal(TimeProvider clock)
{
    readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits for the next signal, but no longer than <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeUp = new(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            await _channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }
}
