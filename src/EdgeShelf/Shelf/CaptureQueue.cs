using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace EdgeShelf.Shelf;

/// <summary>
/// Triggers on their way to the worker, oldest first. Bounded: a flood of requests is refused at the door instead of
/// growing in memory.
/// </summary>
sealed class CaptureQueue
{
    /// <summary>Enough for a burst of presses while one picture is taken.</summary>
    public const int Capacity = 8;

    readonly Channel<CaptureRequest> _channel = Channel.CreateBounded<CaptureRequest>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    int _unfinished;

    /// <summary>Whether a picture is being taken or waits to be.</summary>
    public bool IsBusy => Volatile.Read(ref _unfinished) > 0;

    /// <summary>Asks for a picture. False when too many wait already.</summary>
    /// <param name="outcome">Ends with the result that was committed; faults with the <see cref="EdgeShelfException"/> that stopped it.</param>
    public bool TryRequest(Trigger trigger, [NotNullWhen(true)] out Task<CommittedResult>? outcome)
    {
        CaptureRequest request = new(trigger, new TaskCompletionSource<CommittedResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Increment(ref _unfinished);
        if (!_channel.Writer.TryWrite(request))
        {
            Interlocked.Decrement(ref _unfinished);
            outcome = null;
            return false;
        }
        outcome = request.Outcome.Task;
        outcome.ContinueWith(_ => Interlocked.Decrement(ref _unfinished), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    internal IAsyncEnumerable<CaptureRequest> ReadAllAsync(CancellationToken cancellationToken) =>
        _channel.Reader.ReadAllAsync(cancellationToken);
}

sealed record CaptureRequest(Trigger Trigger, TaskCompletionSource<CommittedResult> Outcome);
