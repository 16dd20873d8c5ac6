using System.Text.Json;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Training;

/// <summary>A model for a shop's own products: the base network's features as they are, and a last layer learned from pictures.</summary>
static class HeadTrainer
{
    /// <summary>Each picture is tested once by a head that did not learn from it.</summary>
    const int Folds = 5;

    /// <param name="baseFolder">A model folder; its network's features are used.</param>
    /// <param name="output">The model folder to write.</param>
    /// <exception cref="ConfigurationException">The base model gives no features, or was not made by `model quantize`.</exception>
    public static TrainingReport Train(
        TrainingSet set, string baseFolder, string output, string name, string version, double keptAccuracy, IStepProgress progress, CancellationToken cancellationToken)
    {
        ModelManifest origin;
        using (LoadedModel model = ModelFolder.Load(baseFolder, threads: 1))
            origin = model.Manifest;
        if (origin.Outputs.Features is null)
            throw new ConfigurationException($"{origin.Name} {origin.Version} gives no features to learn from.", "Name another model with --base.");

        Contestant network = Contestant.Of(baseFolder, origin);
        ScoredPicture[] scores;
        using (IStep step = progress.Begin("Looking at the pictures", set.Pictures.Count))
            scores = Scorer.Score(set.Pictures, [network], step, cancellationToken)[0];

        int classes = set.Labels.Count;
        ScoredPicture[] tested;
        LinearHead head;
        using (IStep step = progress.Begin("Learning", Folds + 1))
        {
            tested = CrossFit(scores, classes, step, cancellationToken);
            head = Fit(scores, classes, cancellationToken);
            step.Report(Folds + 1);
        }

        double temperature = TemperatureFit.Find(tested);
        IReadOnlyList<Judgement> judgements = Judgement.All(tested, temperature);
        Metrics metrics = Metrics.Of(judgements);
        ModelManifest manifest = new()
        {
            Name = name,
            Version = version,
            Files = new Dictionary<string, string>(),
            Input = origin.Input,
            Outputs = origin.Outputs,
            Temperature = temperature,
            Review = ReviewFit.Find(judgements, keptAccuracy),
            Quantization = JsonSerializer.SerializeToElement(new { Base = $"{origin.Name} {origin.Version}", Head = "softmax regression on its features" }, ModelManifest.Json),
            Measured = JsonSerializer.SerializeToElement(
                new { Data = $"{Folds}-fold cross-validation on the training pictures", metrics.Images, Int8 = new { metrics.Top1, metrics.Top3, metrics.Ece } }, ModelManifest.Json),
        };
        manifest = ModelWriter.Write(output, manifest, HeadReplacement.Apply(network.Onnx, head), set.Labels, Golden(set, judgements));
        return new TrainingReport(manifest, metrics, ReviewShare.Of(judgements, manifest.Review));
    }

    /// <summary>Folds are runs of neighbours within a class: pictures of one visit to the shelf are not on both sides.</summary>
    static ScoredPicture[] CrossFit(ScoredPicture[] scores, int classes, IProgress<int> progress, CancellationToken cancellationToken)
    {
        Dictionary<int, int> sizes = scores.GroupBy(score => score.Picture.Class!.Value).ToDictionary(group => group.Key, group => group.Count());
        Dictionary<int, int> seen = [];
        int[] folds = [.. scores.Select(score =>
        {
            int label = score.Picture.Class!.Value;
            int position = seen[label] = seen.GetValueOrDefault(label, -1) + 1;
            return position * Math.Min(Folds, sizes[label]) / sizes[label];
        })];
        ScoredPicture[] tested = new ScoredPicture[scores.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            LinearHead head = Fit([.. scores.Where((_, index) => folds[index] != fold)], classes, cancellationToken);
            for (int index = 0; index < scores.Length; index++)
            {
                if (folds[index] == fold)
                    tested[index] = scores[index] with { Logits = head.Logits(scores[index].Features) };
            }

            progress.Report(fold + 1);
        }

        return tested;
    }

    static LinearHead Fit(IReadOnlyList<ScoredPicture> scores, int classes, CancellationToken cancellationToken) =>
        SoftmaxRegression.Fit([.. scores.Select(score => score.Features!)], [.. scores.Select(score => score.Picture.Class!.Value)], classes, cancellationToken);

    /// <summary>The picture that is surest and right: its best label will not change with rounding.</summary>
    static string Golden(TrainingSet set, IReadOnlyList<Judgement> judgements) =>
        judgements.Where(judgement => judgement.IsRight).MaxBy(judgement => judgement.Margin)?.Picture.Path ?? set.Pictures[0].Path;
}

/// <param name="Metrics">By cross-validation.</param>
sealed record TrainingReport(ModelManifest Manifest, Metrics Metrics, ReviewShare Review);
