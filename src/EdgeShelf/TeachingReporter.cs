using EdgeShelf.Publish;
using EdgeShelf.Teaching;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf;

/// <summary>Reports what was taught through the outbox.</summary>
sealed class TeachingReporter(TeachingEvents teaching, ShelfEvents events) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        teaching.Taught += events.ProductTaught;
        teaching.Lost += events.ExamplesLost;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        teaching.Taught -= events.ProductTaught;
        teaching.Lost -= events.ExamplesLost;
        return Task.CompletedTask;
    }
}
