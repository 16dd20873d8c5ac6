using EdgeShelf.Fleet.Wishes;

namespace EdgeShelf.Fleet.Apply;

/// <summary>The download and the checks of one document, in the background.</summary>
sealed class WishRun : IAsyncDisposable
{
    readonly CancellationTokenSource _stop;
    readonly Task<PreparedWish> _work;
    volatile string? _step;

    /// <param name="prepare">Does the work; it is given the receiver of its steps.</param>
    /// <param name="wake">Called when the step changes or the work ends.</param>
    public WishRun(Wish wish, Func<Action<string>, CancellationToken, Task<PreparedWish>> prepare, Action wake, CancellationToken cancellationToken)
    {
        Wish = wish;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = _stop.Token;
        _work = Task.Run(() => prepare(Tell, token), token);
        _ = _work.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        void Tell(string step)
        {
            _step = step;
            wake();
        }
    }

    public Wish Wish { get; }

    /// <summary>What it does now, or null before the first step.</summary>
    public string? Step => _step;

    public bool HasEnded => _work.IsCompleted;

    /// <summary>The result. It throws what the work threw.</summary>
    public Task<PreparedWish> Result => _work;

    /// <summary>Stops the work and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
