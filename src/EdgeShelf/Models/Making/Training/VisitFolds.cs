using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Divides training pictures into folds, so that each is tested by a head that did not learn from it or from its neighbours.</summary>
static class VisitFolds
{
    public const int Count = 5;

    /// <summary>Assigns runs of neighbours within a class to folds, so that pictures of one visit to the shelf stay in one fold where possible.</summary>
    /// <returns>The fold of each picture.</returns>
    public static int[] Of(IReadOnlyList<ScoredPicture> scores)
    {
        Dictionary<int, int> sizes = scores.GroupBy(score => score.Picture.Class!.Value).ToDictionary(group => group.Key, group => group.Count());
        Dictionary<int, int> seen = [];
        return [.. scores.Select(score =>
        {
            int label = score.Picture.Class!.Value;
            int position = seen[label] = seen.GetValueOrDefault(label, -1) + 1;
            return position * Math.Min(Count, sizes[label]) / sizes[label];
        })];
    }
}
