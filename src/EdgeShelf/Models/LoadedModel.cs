using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A model folder that has been checked and is ready to answer.</summary>
/// <param name="Labels">In the order of the logits.</param>
/// <param name="Threads">Of one inference.</param>
sealed record LoadedModel(ModelManifest Manifest, ModelInfo Info, IReadOnlyList<ClassLabel> Labels, Network Network, Preprocessor Preprocessor, int Threads) : IDisposable
{
    public void Dispose() => Network.Dispose();
}
