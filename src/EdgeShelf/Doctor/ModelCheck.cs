using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Loads the model in use, which checks its hashes and its golden answer, and measures the time of an inference.</summary>
sealed class ModelCheck(ActiveModel models, TimeProvider clock) : DoctorCheck
{
    const int Runs = 3;

    public override string Name => "model";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        using ModelLease lease = models.Rent();
        LoadedModel model = lease.Model;
        string name = $"{model.Info} ({model.Labels.Count} products)";
        if (models.Problem is { } refused)
            return Task.FromResult(Finding.Fault($"{refused.Message} {name} is used instead", refused.Hint));
        if (model.Manifest.Golden is not { } golden)
            return Task.FromResult(Finding.Warning($"{name}: hashes are right; it has no golden picture to check its answer with", "Use a model that has one; `edgeshelf model list` shows the installed models."));

        ShelfClassifier classifier = new(models);
        Frame frame = new(File.ReadAllBytes(Path.Combine(models.Folder, golden.Picture)), "doctor", golden.Picture, clock.GetUtcNow(), TimeSpan.Zero);
        double[] milliseconds = [.. Enumerable.Range(0, Runs).Select(_ => classifier.Classify(frame).Timings.Inference.TotalMilliseconds).Order()];
        return Task.FromResult(Finding.Fine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: hashes and golden answer are right, {milliseconds[Runs / 2]:0} ms per inference on {model.Threads} threads")));
    }
}
