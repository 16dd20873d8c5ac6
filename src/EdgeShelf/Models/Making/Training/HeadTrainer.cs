using System.Text.Json;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Trains a model for a shop's own products. It keeps the base network's features unchanged and learns the last layer from pictures.</summary>
static class HeadTrainer
{
    /// <param name="baseFolder">A model folder; its network's features are used.</param>
    /// <param name="output">The model folder to write.</param>
    /// <param name="add">Whether the products of the base model are kept. If so, training also uses its examples.</param>
    /// <exception cref="ConfigurationException">The base model does not return features, or was not made by `model quantize`.</exception>
    public static TrainingReport Train(
        TrainingSet set, string baseFolder, string output, string name, string version, double keptAccuracy, IStepProgress progress, CancellationToken cancellationToken, bool add = false)
    {
        ModelManifest origin;
        ScoredPicture[] known = [];
        Dictionary<string, byte[]> files = [];
        using (LoadedModel model = ModelFolder.Load(baseFolder, threads: 1))
        {
            origin = model.Manifest;
            // The layers before the head stay, and so does the mean of what they give.
            if (model.HasDescriptor)
                files[DescriptorMean.FileName] = DescriptorMean.ToBytes(model.DescriptorMean.Span);
            if (add)
            {
                known = Known(model);
                set = set.AddedTo(model.Labels);
            }
        }

        if (origin.Outputs.Features is null)
            throw new ConfigurationException($"{origin.Name} {origin.Version} gives no features to learn from.", "Name another model with --base.");

        Contestant network = Contestant.Of(baseFolder, origin);
        ScoredPicture[] scores;
        using (IStep step = progress.Begin("Looking at the pictures", set.Pictures.Count))
            scores = [.. known, .. Scorer.Score(set.Pictures, [network], step, cancellationToken)[0]];

        int classes = set.Labels.Count;
        int[] folds = VisitFolds.Of(scores);
        LikenessTable likeness = new(scores, folds);
        (int Class, double Likeness)[] own = likeness.Own();
        ScoredPicture[] tested;
        LinearHead head;
        using (IStep step = progress.Begin("Learning", VisitFolds.Count + 1))
        {
            tested = CrossFit(scores, folds, classes, step, cancellationToken);
            head = Fit(scores, classes, cancellationToken);
            step.Report(VisitFolds.Count + 1);
        }

        double temperature = TemperatureFit.Find(tested);
        UnknownThresholds unknown = UnknownFit.Find([.. own.Select(nearest => nearest.Likeness)], [.. likeness.Foreign().Select(nearest => nearest.Likeness)]);
        IReadOnlyList<Judgement> judgements = [.. Judgement.All(tested, temperature).Select((judgement, index) => judgement with { IsUnknown = own[index].Likeness < unknown.MinLikeness })];
        IReadOnlyList<Judgement> foreign;
        using (IStep step = progress.Begin("Trying products that it does not know", ForeignProducts.GroupCount(classes)))
        {
            foreign = ForeignProducts.Judge(
                scores, classes, temperature, (index, groupOf) => likeness.ToOtherGroups(index, groupOf) < unknown.MinLikeness,
                (some, count) => Fit(some, count, cancellationToken), step);
        }

        ReviewThresholds review = ReviewFit.Find([.. judgements.Select(judgement => judgement with { IsUnknown = false })], keptAccuracy);
        Metrics metrics = Metrics.Of(judgements);
        ReviewShare share = ReviewShare.Of(judgements, review);
        ReviewShare foreignShare = ReviewShare.Of(foreign, review);
        ModelManifest manifest = new()
        {
            Name = name,
            Version = version,
            Files = new Dictionary<string, string>(),
            Input = origin.Input,
            Outputs = origin.Outputs,
            Temperature = temperature,
            Review = review,
            Unknown = unknown,
            Quantization = JsonSerializer.SerializeToElement(new TrainedHow($"{origin.Name} {origin.Version}", "softmax regression on its features"), MakingJson.Manifest.TrainedHow),
            Measured = JsonSerializer.SerializeToElement(
                new TrainedFigures($"{VisitFolds.Count}-fold cross-validation on the training pictures", metrics.Images, Rates.Of(metrics), Math.Round(share.Review, 4), Math.Round(share.Accuracy, 4), Math.Round(foreignShare.Review, 4)),
                MakingJson.Manifest.TrainedFigures),
        };
        files[Prototypes.FileName] = likeness.Prototypes.ToBytes();
        manifest = ModelWriter.Write(output, manifest, HeadReplacement.Apply(network.Onnx, head), set.Labels, Golden(set, judgements), files);
        return new TrainingReport(manifest, metrics, share, foreignShare, SuspectLabel.Find(tested, temperature, [.. own.Select(nearest => nearest.Class)]), judgements, set.Labels);
    }

    static ScoredPicture[] Known(LoadedModel model) => model.Prototypes is { } examples && examples.Classes.All(label => label >= 0 && label < model.Labels.Count)
        ? [.. examples.Classes.Select((label, index) => new ScoredPicture(new ListedPicture("", label), [], examples.Example(index)))]
        : throw new ConfigurationException(
            $"{model.Manifest.Name} {model.Manifest.Version} keeps no examples of its products ({Prototypes.FileName}), so none can be added to them.",
            "Add to a model that `edgeshelf model train` made, or train on pictures of all products.");

    static ScoredPicture[] CrossFit(ScoredPicture[] scores, int[] folds, int classes, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ScoredPicture[] tested = new ScoredPicture[scores.Length];
        for (int fold = 0; fold < VisitFolds.Count; fold++)
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

    /// <summary>Returns the correctly classified picture with the largest margin, so that rounding does not change its best label.</summary>
    static string Golden(TrainingSet set, IReadOnlyList<Judgement> judgements) =>
        judgements.Where(judgement => judgement.IsRight && judgement.Picture.IsFile).MaxBy(judgement => judgement.Margin)?.Picture.Path ?? set.Pictures[0].Path;
}

/// <param name="Metrics">Metrics by cross-validation: each picture is tested once by a head that learned neither from it nor from its neighbours.</param>
/// <param name="Review">Share of the same pictures that need review.</param>
/// <param name="Foreign">Review share of the same pictures, each judged by a head that was not taught its product.</param>
/// <param name="Suspects">Pictures whose label may be wrong, most certain first.</param>
/// <param name="Judgements">Judgement of each picture, by cross-validation.</param>
/// <param name="Labels">All classes that the model knows.</param>
sealed record TrainingReport(
    ModelManifest Manifest, Metrics Metrics, ReviewShare Review, ReviewShare Foreign, IReadOnlyList<SuspectLabel> Suspects, IReadOnlyList<Judgement> Judgements, IReadOnlyList<ClassLabel> Labels);
