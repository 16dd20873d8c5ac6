using EdgeShelf.Models;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Teaching.Training;

namespace EdgeShelf.Web;

/// <summary>`GET /api/model`: the model in use, what can be taken back, and the training.</summary>
/// <param name="Name">The name by which the model in use was chosen, as `model list` shows it.</param>
/// <param name="InUse">What the model in use is.</param>
/// <param name="Predecessor">The model that a rollback returns to, or null if none was chosen.</param>
/// <param name="Problem">Why the chosen model is not the one in use, or null.</param>
/// <param name="Examples">The number of examples that a training would learn from.</param>
/// <param name="ReadyProducts">The number of products that have enough examples for a trained model to help.</param>
/// <param name="Job">The training, or the newest one since the service started.</param>
/// <param name="Last">What came of the newest training that ended, by whomever, or null.</param>
sealed record ModelUseDocument(
    string Name, ModelDocument InUse, string? Predecessor, string? Problem, int Examples, int ReadyProducts, TrainingDocument Job, TrainingOutcome? Last)
{
    public static ModelUseDocument Of(ActiveModel models, TrainingJob job, int examples) => new(
        models.Name, ModelDocument.Of(models.Info), models.Predecessor, models.Problem?.Message, examples, job.ReadyProducts, TrainingDocument.Of(job.Now), job.Last);
}

/// <summary>How far a training is.</summary>
/// <param name="State">`idle`, `running`, `done`, `failed` or `cancelled`.</param>
/// <param name="Progress">The share of the work that is done, 0 to 1.</param>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Problem">Why it failed and what to do, or null.</param>
sealed record TrainingDocument(string State, double Progress, string? Step, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Problem)
{
    public static TrainingDocument Of(TrainingState state) => new(state.State, state.Progress, state.Step, state.StartedAt, state.EndedAt, state.Problem);
}
