using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>A training picture that looks like a product other than its label, according to heads and examples that do not include it.</summary>
/// <param name="Looks">Class that the picture looks like.</param>
/// <param name="Confidence">Confidence in that class.</param>
sealed record SuspectLabel(ListedPicture Picture, int Looks, double Confidence)
{
    /// <summary>
    /// A label is suspect if the head gives it less than this, and the head and the nearest picture agree on another. Measured on 5 to 20 groceries
    /// with 5 to 10 pictures each, two of them wrong: 76 of 80 wrong pictures were reported, and 14 of 3,100 right ones.
    /// </summary>
    const double MostInLabel = 0.1;

    /// <param name="tested">Judgement of each picture by a head that did not learn from it.</param>
    /// <param name="nearest">The class of the nearest picture of another visit, for each of them.</param>
    /// <returns>The suspect labels, most certain first.</returns>
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
