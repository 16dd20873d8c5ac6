using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching;

/// <summary>
/// Keeps the examples of a running service up to date: it notices what a verb changed, and makes descriptors anew after the model changed,
/// a few at a time with pauses, so that the camera's pictures do not wait.
/// </summary>
sealed class ExampleKeeper(ExampleStore store, CropDescriber describer, ActiveModel models, TimeProvider clock, ILogger<ExampleKeeper> log) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The pause between two batches of descriptors.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    string? _problem;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        models.Changed += OnModelChanged;
        TryDo(store.Open);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            TryDo(store.Refresh);
            int pending = store.Pending;
            if (pending == 0)
                continue;
            log.DescriptorsBegun(pending);
            if (await RedescribeAsync(stoppingToken))
                log.DescriptorsMade();
        }
    }

    /// <summary>Makes descriptors until none is missing, or until one cannot be made.</summary>
    /// <returns>Whether none is missing.</returns>
    internal async Task<bool> RedescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (store.PendingExamples is { Count: > 0 } pending)
            {
                List<(long Id, string CropSha256, CompactDescriptor Descriptor)> made = [];
                string? madeBy = null;
                foreach (TaughtExample example in pending.Take(CropDescriber.BatchSize))
                {
                    if (await TryDescribeAsync(example, cancellationToken) is not { } one)
                        continue;
                    // The model may have changed again; then the rest waits for the next batch.
                    madeBy ??= one.Model;
                    if (one.Model == madeBy)
                        made.Add((example.Id, example.CropSha256, one.Descriptor));
                }
                if (madeBy is not null)
                    store.Redescribe(made, madeBy);
                await Task.Delay(Pause, clock, cancellationToken);
            }
            return true;
        }
        catch (EdgeShelfException problem)
        {
            Tell(problem);
            return false;
        }
    }

    public override void Dispose()
    {
        models.Changed -= OnModelChanged;
        base.Dispose();
    }

    async Task<(string Model, CompactDescriptor Descriptor)?> TryDescribeAsync(TaughtExample example, CancellationToken cancellationToken)
    {
        try
        {
            if (store.Crop(example.Id) is not { } crop)
                return null;
            (string model, IReadOnlyList<CompactDescriptor> descriptors) = await describer.DescribeAsync([crop], cancellationToken);
            return (model, descriptors[0]);
        }
        catch (PictureException problem)
        {
            log.CropUnreadable(example.Id, example.Label, problem.Message);
            store.GiveUp(example.Id);
            return null;
        }
    }

    void OnModelChanged(ModelInfo from, ModelInfo to) => store.UseModel();

    void TryDo(Action work)
    {
        try
        {
            work();
            _problem = null;
        }
        catch (TeachingException problem)
        {
            // A service without examples still takes pictures; the disk is tried again each second.
            Tell(problem);
        }
    }

    void Tell(EdgeShelfException problem)
    {
        if (_problem != problem.Message)
            log.ExamplesUnavailable(problem.Message, problem.Hint);
        _problem = problem.Message;
    }
}
