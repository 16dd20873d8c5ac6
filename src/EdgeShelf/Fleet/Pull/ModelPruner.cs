using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet.Pull;

/// <summary>Deletes models and files of the chain that are no longer needed: never the model in use nor its predecessor.</summary>
sealed class ModelPruner(PulledModels pulled, ActiveModel models, ModelsOptions options, ILogger log)
{
    /// <summary>A failure is logged, and the next call tries again.</summary>
    public void Prune(FleetMemory memory)
    {
        string?[] keep =
        [
            models.Name, models.Predecessor, options.Name, memory.Watch?.Change.ModelBefore, memory.Watch?.Change.ModelAfter, memory.Applying?.ModelBefore, memory.Applying?.ModelAfter,
        ];
        string[] wanted = WishRule.StatusOf(memory) == FleetStatus.Pending && WishRule.InForce(memory)?.Document() is { } document
            ? [document.Model?.Sha256 ?? "", document.Planogram?.Sha256 ?? ""]
            : [];
        try
        {
            foreach (string name in pulled.Prune([.. keep.OfType<string>()], wanted))
                log.ModelPruned(name);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ConfigurationException)
        {
            log.NotPruned(problem.Message);
        }
    }
}
