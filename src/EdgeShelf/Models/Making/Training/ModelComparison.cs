using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Compares the model in use with a newly trained one, on the training pictures of products that both know.</summary>
/// <param name="InUse">Name and version of the model in use.</param>
/// <param name="Images">Number of pictures compared; 0 if the model in use knows none of the labels.</param>
/// <param name="Before">Top-1 accuracy of the model in use, 0 to 1. The model may have learned from these pictures.</param>
/// <param name="After">Top-1 accuracy of the new model, by cross-validation.</param>
sealed record ModelComparison(string InUse, int Products, int Images, double Before, double After)
{
    /// <param name="folder">Folder of the model in use.</param>
    /// <exception cref="ConfigurationException">The model in use is damaged.</exception>
    public static ModelComparison Of(string folder, TrainingReport report, IStepProgress progress, CancellationToken cancellationToken)
    {
        ModelManifest manifest = ModelFolder.ReadManifest(folder);
        string name = $"{manifest.Name} {manifest.Version}";
        Dictionary<string, int> known = LabelsFile.Read(Path.Combine(folder, ModelManifest.LabelsFileName)).ToDictionary(label => label.Label, label => label.Index);
        List<Judgement> after = [.. report.Judgements.Where(judgement => judgement.Picture.IsFile && known.ContainsKey(report.Labels[judgement.Truth].Label))];
        if (after.Count == 0)
            return new ModelComparison(name, 0, 0, 0, 0);

        List<ListedPicture> pictures = [.. after.Select(judgement => judgement.Picture with { Class = known[report.Labels[judgement.Truth].Label] })];
        using IStep step = progress.Begin("Comparing with the model in use", pictures.Count);
        ScoredPicture[] scores = Scorer.Score(pictures, [Contestant.Of(folder, manifest)], step, cancellationToken)[0];
        return new ModelComparison(
            name, pictures.Select(picture => picture.Class).Distinct().Count(), pictures.Count,
            Metrics.Of(Judgement.All(scores, manifest.Temperature)).Top1, Metrics.Of(after).Top1);
    }
}
