using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Models;

/// <summary>
/// Has a running service take what `model use` or `model rollback` chose in another process, within a second or two, also while no
/// picture is taken.
/// </summary>
sealed class ModelWatcher(ActiveModel models, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Loads the model: a service without one must not start.</summary>
    /// <exception cref="ConfigurationException">No model is sound.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        models.Rent().Dispose();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            models.Refresh();
    }
}
