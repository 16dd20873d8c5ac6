using EdgeShelf.Models.Making.Training;

namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>How well a model tells strangers, that is pictures of what it does not know, from what it knows.</summary>
/// <param name="Images">The number of strangers.</param>
/// <param name="Accepted">The share of them that passes at <paramref name="Threshold"/>, 0 to 1.</param>
/// <param name="Threshold">The value that <see cref="Kept"/> of the known pictures reach.</param>
/// <param name="By">What is compared with the threshold: the likeness to the examples that the model keeps, or its confidence if it keeps none.</param>
sealed record Strangers(int Images, double Accepted, double Threshold, string By)
{
    /// <summary>The share of the known pictures that must pass.</summary>
    public const double Kept = 0.95;

    const string ByLikeness = "likeness";
    const string ByConfidence = "confidence";

    /// <summary>Compares known pictures with strangers that are given as pictures.</summary>
    public static Strangers Of(LoadedModel model, IReadOnlyList<ScoredPicture> known, IReadOnlyList<ScoredPicture> strangers)
    {
        IReadOnlyList<int> all = [.. model.Labels.Select(label => label.Index)];
        return Of(model, [.. known.Select(picture => Certainty(model, picture, all))], [.. strangers.Select(picture => Certainty(model, picture, all))]);
    }

    /// <summary>
    /// Holds a fifth of the classes out in turn: the model answers without them, and their pictures are the strangers. Its network has seen these
    /// classes, so real strangers do worse.
    /// </summary>
    public static Strangers HoldOut(LoadedModel model, IReadOnlyList<ScoredPicture> known)
    {
        int groups = ForeignProducts.GroupCount(model.Labels.Count);
        List<double> own = [];
        List<double> strangers = [];
        for (int group = 0; group < groups; group++)
        {
            int[] among = [.. model.Labels.Where(label => label.Index % groups != group).Select(label => label.Index)];
            foreach (ScoredPicture picture in known)
                (picture.Picture.Class!.Value % groups == group ? strangers : own).Add(Certainty(model, picture, among));
        }
        return Of(model, own, strangers);
    }

    static Strangers Of(LoadedModel model, List<double> own, List<double> strangers)
    {
        own.Sort();
        // The largest value that at least the wanted share of the known pictures reaches.
        double threshold = own[own.Count - (int)Math.Ceiling(Kept * own.Count)];
        return new Strangers(strangers.Count, strangers.Count == 0 ? 0 : strangers.Average(value => value >= threshold ? 1.0 : 0), threshold, model.Prototypes is null ? ByConfidence : ByLikeness);
    }

    /// <param name="among">The classes that the model may answer with.</param>
    static double Certainty(LoadedModel model, ScoredPicture picture, IReadOnlyList<int> among) => model.Prototypes is { } examples && picture.Features is { } features
        ? examples.Nearest(features, example => among.Contains(examples.Classes[example])).Likeness
        : Softmax.Probabilities([.. among.Select(label => picture.Logits[label])], model.Manifest.Temperature).Max();
}
