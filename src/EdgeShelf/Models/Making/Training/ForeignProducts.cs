using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>What a trained model makes of products that it was not taught: each product is held out in turn, and a head without it judges its pictures.</summary>
static class ForeignProducts
{
    /// <summary>So many heads are learned at most; with more classes, several are held out at a time.</summary>
    const int MostGroups = 5;

    /// <param name="scores">Training pictures with their features.</param>
    /// <param name="isUnknown">Whether a picture is unlike all those of other groups, by the position of the picture and the group of a class.</param>
    /// <param name="fit">Learns a head on some of the pictures.</param>
    /// <returns>A judgement of each picture, whose label counts for nothing.</returns>
    public static IReadOnlyList<Judgement> Judge(
        IReadOnlyList<ScoredPicture> scores, int classes, double temperature, Func<int, Func<int, int>, bool> isUnknown,
        Func<IReadOnlyList<ScoredPicture>, int, LinearHead> fit, IProgress<int> progress)
    {
        int groups = GroupCount(classes);
        int GroupOf(int label) => label % groups;
        Judgement[] judgements = new Judgement[scores.Count];
        for (int group = 0; group < groups; group++)
        {
            int[] known = [.. Enumerable.Range(0, classes).Where(label => GroupOf(label) != group)];
            LinearHead head = fit(
                [.. scores.Where(score => GroupOf(score.Picture.Class!.Value) != group)
                    .Select(score => score with { Picture = score.Picture with { Class = Array.IndexOf(known, score.Picture.Class!.Value) } })],
                known.Length);
            for (int index = 0; index < scores.Count; index++)
            {
                if (GroupOf(scores[index].Picture.Class!.Value) == group)
                    judgements[index] = Judgement.Of(scores[index] with { Logits = head.Logits(scores[index].Features) }, temperature) with { IsUnknown = isUnknown(index, GroupOf) };
            }

            progress.Report(group + 1);
        }

        return judgements;
    }

    /// <summary>How many heads <see cref="Judge"/> learns.</summary>
    public static int GroupCount(int classes) => Math.Min(MostGroups, classes);
}
