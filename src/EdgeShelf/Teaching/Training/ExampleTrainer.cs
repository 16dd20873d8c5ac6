using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Training;

/// <summary>
/// Trains the last layer on what was taught at the shelf, and measures it against likeness. The layers before it stay, so examples need not be
/// described again when the model comes into use.
/// </summary>
static class ExampleTrainer
{
    /// <summary>The steps that are reported, and the share of the whole work that each takes (measured with 274 examples).</summary>
    public static readonly IReadOnlyList<(string Title, double Share)> Steps = [("Looking at the examples", 0.78), ("Learning and testing", 0.2), ("Writing the model", 0.02)];

    const double KeptAccuracy = 0.95;

    /// <param name="request">What to train on and where to write the model.</param>
    /// <returns>The figures. The model is written only if it won, or if the request asks for it in any case; it is not put in use.</returns>
    /// <exception cref="ConfigurationException">There are too few examples, or the base cannot be trained on.</exception>
    /// <exception cref="EdgeShelfException">The model cannot be written.</exception>
    public static TrainingOutcome Train(TrainingRequest request, IStepProgress progress, CancellationToken cancellationToken)
    {
        List<string> notes = [];
        using LoadedModel model = ModelFolder.Load(request.BaseFolder, Environment.ProcessorCount);
        Descriptor.Require(model);
        if (model.Manifest.Outputs.Features is null)
            throw new ConfigurationException($"{model.Manifest.Name} {model.Manifest.Version} gives no features to learn from.", "Name another model with --base.");
        byte[] onnx = File.ReadAllBytes(Path.Combine(request.BaseFolder, ModelManifest.ModelFileName));
        LinearHead origin = HeadReplacement.Read(onnx);

        List<DescribedPicture> pictures;
        using (IStep step = progress.Begin(Steps[0].Title, request.Pictures.Count))
            pictures = PictureDescriber.Describe(model, request.Pictures, notes, step, cancellationToken);
        // A label that an earlier training made from examples is learned anew, or is gone if it is not taught any more.
        ClassLabel[] known = request.OnlyTaught ? [] : [.. model.Labels.Where(label => model.Manifest.Taught?.Contains(label.Label) != true)];
        LabelPlan plan = LabelPlan.Of(pictures, model.DescriptorMean.Span, known, request.DetailsOf, notes);
        HeadFit fit = new(pictures, plan, origin, model.Prototypes);
        CrossValidation measured;
        LinearHead head;
        using (IStep step = progress.Begin(Steps[1].Title, LabelPlan.FoldCount + 1))
        {
            measured = CrossValidation.Of(pictures, plan, fit, model.DescriptorMean, request.Thresholds, step, cancellationToken);
            head = fit.Without(null, cancellationToken);
            step.Report(LabelPlan.FoldCount + 1);
        }

        bool isBetter = PairedTest.IsWon(measured.OnlyHead, measured.OnlyLikeness);
        TrainingOutcome outcome = new(
            request.Now, null, isBetter, false, plan.Folds.Count(fold => fold >= 0), plan.Trained.Count, measured.Named.Count, measured.Right, measured.RightByLikeness,
            measured.OnlyHead, measured.OnlyLikeness, Math.Round(PairedTest.Chance(measured.OnlyHead, measured.OnlyLikeness), 4), Present(model, origin, plan, measured), notes);
        if (!isBetter && !request.WriteAnyway)
            return outcome;
        using (IStep step = progress.Begin(Steps[2].Title, 1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(request, model, plan, pictures, measured, outcome, HeadReplacement.Apply(onnx, head));
            step.Report(1);
        }
        return outcome with { Model = request.Name };
    }

    static PresentModel? Present(LoadedModel model, LinearHead origin, LabelPlan plan, CrossValidation measured)
    {
        Dictionary<string, int> known = model.Labels.ToDictionary(label => label.Label, label => label.Index);
        (int Judged, int Right, int NewRight) counts = default;
        foreach ((NamedPicture named, ScoredPicture score) in measured.Named.Zip(measured.Scores))
        {
            if (!known.TryGetValue(named.Picture.Label, out int label))
                continue;
            counts.Judged++;
            counts.Right += Best(origin.Logits(named.Picture.Plain)) == label ? 1 : 0;
            counts.NewRight += Best(score.Logits) == plan.IndexOf(named.Picture.Label) ? 1 : 0;
        }
        return counts.Judged == 0 ? null : new PresentModel($"{model.Manifest.Name} {model.Manifest.Version}", counts.Judged, counts.Right, counts.NewRight);
    }

    static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());

    static void Write(
        TrainingRequest request, LoadedModel model, LabelPlan plan, List<DescribedPicture> pictures, CrossValidation measured, TrainingOutcome outcome, byte[] onnx)
    {
        ModelManifest origin = model.Manifest;
        // Where the base's labels stay, what was found on its own pictures stays too: temperature and thresholds.
        bool isAlone = plan.Rows.All(row => row < 0);
        double temperature = isAlone ? TemperatureFit.Find(measured.Scores) : origin.Temperature;
        IReadOnlyList<Judgement> judgements = Judgement.All(measured.Scores, temperature);
        Metrics metrics = Metrics.Of(judgements);
        Dictionary<string, byte[]> files = new() { [DescriptorMean.FileName] = DescriptorMean.ToBytes(model.DescriptorMean.Span) };
        UnknownThresholds? unknown = isAlone ? Unknown(plan, pictures, files) : null;
        ModelManifest manifest = new()
        {
            Name = request.Name,
            Version = request.Version,
            Files = new Dictionary<string, string>(),
            Input = origin.Input,
            Outputs = origin.Outputs,
            Temperature = temperature,
            Review = isAlone ? ReviewFit.Find(judgements, KeptAccuracy) : origin.Review,
            Unknown = unknown,
            Taught = [.. plan.Trained.Select(label => plan.Labels[label].Label)],
            Quantization = JsonSerializer.SerializeToElement(new TrainedHow($"{origin.Name} {origin.Version}", "softmax regression on the features of examples of a shelf"), MakingJson.Manifest.TrainedHow),
            Measured = JsonSerializer.SerializeToElement(
                new TaughtFigures($"{LabelPlan.FoldCount}-fold cross-validation on {outcome.Examples} examples; neighbours stay together", metrics.Images, Rates.Of(metrics), NamedFigures.Of(outcome)),
                TeachingJson.Files.TaughtFigures),
        };
        string golden = Path.Combine(Path.GetTempPath(), $"edgeshelf-{Environment.ProcessId}-golden.jpg");
        try
        {
            File.WriteAllBytes(golden, Golden(measured, judgements));
            ModelWriter.Write(request.Folder, manifest, onnx, plan.Labels, golden, files);
        }
        catch (IOException problem)
        {
            throw new EdgeShelfException($"The model cannot be written: {problem.Message}", "Check with `df` that the volumes of the models and of /tmp have room.", problem);
        }
        finally
        {
            File.Delete(golden);
        }
    }

    /// <summary>Keeps pictures of each product, so that what is unlike all of them is known as foreign. A base that stays has none of its own products.</summary>
    static UnknownThresholds Unknown(LabelPlan plan, List<DescribedPicture> pictures, Dictionary<string, byte[]> files)
    {
        int[] trained = [.. Enumerable.Range(0, pictures.Count).Where(at => plan.Folds[at] >= 0)];
        LikenessTable likeness = new(
            [.. trained.Select(at => new ScoredPicture(new ListedPicture(pictures[at].Name, plan.IndexOf(pictures[at].Label)), [], pictures[at].Plain))], [.. trained.Select(at => plan.Folds[at])]);
        files[Prototypes.FileName] = likeness.Prototypes.ToBytes();
        return UnknownFit.Find([.. likeness.Own().Select(nearest => nearest.Likeness)], [.. likeness.Foreign().Select(nearest => nearest.Likeness)]);
    }

    /// <summary>Returns the rightly answered picture with the largest margin, so that rounding does not change its best label.</summary>
    static byte[] Golden(CrossValidation measured, IReadOnlyList<Judgement> judgements)
    {
        foreach (int at in Enumerable.Range(0, judgements.Count).OrderByDescending(at => (judgements[at].IsRight, judgements[at].Margin)))
        {
            if (measured.Named[at].Picture.Read() is { } bytes)
                return bytes;
        }
        throw new EdgeShelfException("All examples were removed during the training.", "Train again when products are taught.");
    }
}

/// <summary>What to train on, and where the model goes.</summary>
/// <param name="Pictures">The pictures, with their labels.</param>
/// <param name="BaseFolder">The folder of the model whose network is used.</param>
/// <param name="Folder">The folder to write; it must not be there yet.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Thresholds">The thresholds of likeness in force.</param>
/// <param name="DetailsOf">Returns what is known of a label's product, or null.</param>
/// <param name="Now">The time of the training.</param>
sealed record TrainingRequest(
    IReadOnlyList<TrainingPicture> Pictures, string BaseFolder, string Folder, string Name, string Version, LikenessThresholds Thresholds, Func<string, Product?> DetailsOf, DateTimeOffset Now)
{
    /// <summary>Whether the labels of the base are left out.</summary>
    public bool OnlyTaught { get; init; }

    /// <summary>Whether the model is written even if it does not win.</summary>
    public bool WriteAnyway { get; init; }
}
