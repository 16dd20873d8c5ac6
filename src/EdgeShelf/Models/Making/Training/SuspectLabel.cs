using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>A training picture that looks like another product than its folder says, to those who did not learn from it.</summary>
/// <param name="Looks">The class that it looks like.</param>
sealed record SuspectLabel(ListedPicture Picture, int Looks, double Confidence)
{
    /// <summary>A wrong label is seen best where head and nearest picture agree on another one.</summary>
    const double LeastConfidence = 0.8;

    /// <param name="judgements">By cross-validation.</param>
    /// <param name="nearest">The class of the nearest picture of another visit, for each judgement.</param>
    /// <returns>Surest first.</returns>
    public static IReadOnlyList<SuspectLabel> Find(IReadOnlyList<Judgement> judgements, IReadOnlyList<int> nearest) => [.. judgements
        .Where((judgement, index) => !judgement.IsRight && judgement.Confidence >= LeastConfidence && nearest[index] == judgement.Top[0])
        .Select(judgement => new SuspectLabel(judgement.Picture, judgement.Top[0], judgement.Confidence))
        .OrderByDescending(suspect => suspect.Confidence)];
}
