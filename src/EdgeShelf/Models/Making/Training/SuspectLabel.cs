using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>A training picture that looks like another product than its folder says, to those who did not learn from it.</summary>
/// <param name="Looks">The class that it looks like.</param>
/// <param name="Confidence">In that class.</param>
sealed record SuspectLabel(ListedPicture Picture, int Looks, double Confidence)
{
    /// <summary>
    /// The head gives the label less than this, and it and the nearest picture agree on another. Measured on 5 to 20 groceries with 5 to 10 pictures
    /// each and two wrong ones among them: 76 of 80 wrong ones were named, and 14 of 3,100 right ones.
    /// </summary>
    const double MostInLabel = 0.1;

    /// <param name="tested">Each picture as heads that did not learn from it see it.</param>
    /// <param name="nearest">The class of the nearest picture of another visit, for each of them.</param>
    /// <returns>Surest first.</returns>
    public static IReadOnlyList<SuspectLabel> Find(IReadOnlyList<ScoredPicture> tested, double temperature, IReadOnlyList<int> nearest)
    {
        List<SuspectLabel> suspects = [];
        for (int index = 0; index < tested.Count; index++)
        {
            double[] probabilities = Softmax.Probabilities(tested[index].Logits, temperature);
            int best = Softmax.TopK(probabilities, 1)[0];
            ListedPicture picture = tested[index].Picture;
            if (picture.IsFile && best != picture.Class && nearest[index] == best && probabilities[picture.Class!.Value] < MostInLabel)
                suspects.Add(new SuspectLabel(picture, best, probabilities[best]));
        }

        return [.. suspects.OrderByDescending(suspect => suspect.Confidence)];
    }
}
