using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Recognition.Plan;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf;

/// <summary>Deletes, when the service starts, what a power cut left of files and folders that were being written under temporary names.</summary>
sealed class Leftovers(IOptions<PublishOptions> publish, IOptions<ModelsOptions> models, IOptions<PlanOptions> plan, TimeProvider clock, ILogger<Leftovers> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        string trained = Path.GetFullPath(models.Value.Trained);
        int removed = ModelWriter.RemoveDrafts(trained, clock.GetUtcNow());
        foreach (string folder in new[] { ServiceDirectories.State, publish.Value.Folder, plan.Value.State, trained }.Select(Path.GetFullPath).Distinct())
            removed += DurableFile.RemoveDrafts(folder);
        if (removed > 0)
            log.LeftoversRemoved(removed);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
