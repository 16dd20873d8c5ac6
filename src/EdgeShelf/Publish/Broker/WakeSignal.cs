using System.Threading.Channels;

namespace EdgeShelf.Publish.Broker;

/// <summary>Lets many threads wake one waiter; a signal while nobody waits is kept, several are one.</summary>
sealed class WakeSignal(TimeProvider clock)
{
    readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Returns at the next signal, or after <paramref name="atMost"/>.</summary>
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
