using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A model folder that has been checked and is ready to answer.</summary>
/// <param name="Labels">In the order of the logits.</param>
/// <param name="Threads">Of one inference.</param>
sealed record LoadedModel(ModelManifest Manifest, ModelInfo Info, IReadOnlyList<ClassLabel> Labels, Network Network, Preprocessor Preprocessor, int Threads) : IDisposable
{
    /// <summary>Examples of what was taught, where the model keeps them.</summary>
    public Prototypes? Prototypes { get; init; }

    /// <summary>Whether a picture is unlike all that was taught; false where the model cannot tell.</summary>
    /// <param name="features">Of one picture, as the network gave them.</param>
    public bool IsUnknown(ReadOnlySpan<float> features) =>
        Prototypes is not null && Manifest.Unknown is { } thresholds && Prototypes.Likeness(features) < thresholds.MinLikeness;

    public void Dispose() => Network.Dispose();
}
