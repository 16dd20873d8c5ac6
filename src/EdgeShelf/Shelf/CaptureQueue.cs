using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace EdgeShelf.Shelf;

/// <summary>
/// A queue of triggers for the worker, oldest first. It is bounded, so that a flood of requests is refused instead of filling the
/// memory.
/// </summary>
sealed class CaptureQueue
{
    /// <summary>The size of the queue, which is enough for a burst of button presses while one picture is taken.</summary>
    public const int Capacity = 8;

    readonly Channel<CaptureRequest> _channel = Channel.CreateBounded<CaptureRequest>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    int _unfinished;

    /// <summary>Whether a picture is being taken or is waiting to be taken.</summary>
    public bool IsBusy => Volatile.Read(ref _unfinished) > 0;

    /// <summary>Requests a picture. Returns false if too many requests are already waiting.</summary>
    /// <param name="outcome">A task that returns the committed result, or fails with the <see cref="EdgeShelfException"/> that prevented it.</param>
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
