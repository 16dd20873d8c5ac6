using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Makes a running service take over what a verb changed, and a planogram whose time has come, within a second or two.</summary>
sealed class PlanWatcher(PlanStore plan, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Reads the documents. Damaged ones never prevent the start.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        plan.Refresh();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            plan.Refresh();
    }
}
