using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Loads the model, which checks its hashes and its golden answer, and measures how fast it answers.</summary>
sealed class ModelCheck(ModelsOptions models, VisionOptions vision, TimeProvider clock) : DoctorCheck
{
    const int Runs = 3;

    public override string Name => "model";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        string folder = models.FindFolder();
        using LoadedModel model = ModelFolder.Load(folder, vision.Threads);
        string name = $"{model.Info.Name} {model.Info.Version} ({model.Labels.Count} products)";
        if (model.Manifest.Golden is not { } golden)
            return Task.FromResult(Finding.Warning($"{name}: hashes are right; it has no golden picture to check its answer with", "Take a model with one; `edgeshelf model list` shows what there is."));

        ShelfClassifier classifier = new(model);
        Frame frame = new(File.ReadAllBytes(Path.Combine(folder, golden.Picture)), "doctor", golden.Picture, clock.GetUtcNow(), TimeSpan.Zero);
        double[] milliseconds = [.. Enumerable.Range(0, Runs).Select(_ => classifier.Classify(frame).Timings.Inference.TotalMilliseconds).Order()];
        return Task.FromResult(Finding.Fine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: hashes and golden answer are right, {milliseconds[Runs / 2]:0} ms an inference on {vision.Threads} threads")));
    }
}
