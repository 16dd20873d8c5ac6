using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Models;

/// <summary>
/// Makes a running service switch to the model that `model use` or `model rollback` chose in another process. The switch happens within
/// a second or two, even while no picture is taken.
/// </summary>
sealed class ModelWatcher(ActiveModel models, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Loads the model, because a service must not start without one.</summary>
    /// <exception cref="ConfigurationException">No model passes its checks.</exception>
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
