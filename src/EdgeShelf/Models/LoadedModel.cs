using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A model folder that has been checked and is ready to answer.</summary>
/// <param name="Labels">The classes, in the order of the logits.</param>
/// <param name="Threads">Number of threads that one inference uses.</param>
sealed record LoadedModel(ModelManifest Manifest, ModelInfo Info, IReadOnlyList<ClassLabel> Labels, Network Network, Preprocessor Preprocessor, int Threads) : IDisposable
{
    /// <summary>Examples of the taught products, or null if the model does not keep them.</summary>
    public Prototypes? Prototypes { get; init; }

    /// <summary>Whether the network returns descriptors, which answers for slots need; see <see cref="Descriptor.Require"/>.</summary>
    public bool HasDescriptor => Manifest.Outputs.Descriptor is not null;

    /// <summary>
    /// Mean of the square-rooted descriptors (<see cref="Descriptor.Of"/>) of the pictures that the network was made with; none below 0, as many
    /// as <see cref="Network.Descriptors"/>. Empty if the network returns no descriptors.
    /// </summary>
    public ReadOnlyMemory<float> DescriptorMean { get; init; }

    /// <summary>Identifies what makes the descriptors: those of models with the same value can be compared. Null if there are none; see <see cref="Models.DescriptorSource"/>.</summary>
    public string? DescriptorSource { get; init; }

    /// <summary>
    /// Returns the logit of each label that the head was taught from examples of this shelf, or null if it was taught from none. They tell such labels
    /// apart; whether a picture shows any of them must be decided by other means.
    /// </summary>
    /// <param name="logits">Logits of one picture, as the network returned them.</param>
    public IReadOnlyDictionary<string, float>? TaughtScores(ReadOnlySpan<float> logits)
    {
        if (Manifest.Taught is not { Count: > 0 } taught)
            return null;
        Dictionary<string, float> scores = [];
        foreach (ClassLabel label in Labels)
        {
            if (taught.Contains(label.Label))
                scores[label.Label] = logits[label.Index];
        }
        return scores;
    }

    /// <summary>Returns whether a picture is unlike every taught product; false if the model cannot tell.</summary>
    /// <param name="features">Features of one picture, as the network returned them.</param>
    public bool IsUnknown(ReadOnlySpan<float> features) =>
        Prototypes is not null && Manifest.Unknown is { } thresholds && Prototypes.Likeness(features) < thresholds.MinLikeness;

    public void Dispose() => Network.Dispose();
}
