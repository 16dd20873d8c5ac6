namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Reads the memory of a process again and again while something else happens.</summary>
sealed class MemorySamples : IAsyncDisposable
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource _stop = new();
    readonly Task _reading;

    /// <param name="process">Id of the process.</param>
    /// <param name="samples">Receives the samples.</param>
    public MemorySamples(int process, List<Memory> samples) => _reading = Task.Run(async () =>
    {
        using PeriodicTimer timer = new(Every, TimeProvider.System);
        try
        {
            do
                samples.Add(ProcessFigures.Now(process));
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What was to be watched is over.
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }
}
