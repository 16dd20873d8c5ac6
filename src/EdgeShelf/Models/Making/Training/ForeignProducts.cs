using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Measures how a trained model handles products it was not taught. Each product is held out in turn, and a head without it judges its pictures.</summary>
static class ForeignProducts
{
    /// <summary>Largest number of heads that are trained; with more classes, several are held out at a time.</summary>
    const int MostGroups = 5;

    /// <param name="scores">Training pictures with their features.</param>
    /// <param name="isUnknown">Returns whether a picture is unlike all those of other groups, given the position of the picture and the group of each class.</param>
    /// <param name="fit">Trains a head on some of the pictures.</param>
    /// <returns>A judgement of each picture; its label is not meaningful.</returns>
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

    /// <summary>Returns the number of heads that <see cref="Judge"/> trains.</summary>
    public static int GroupCount(int classes) => Math.Min(MostGroups, classes);
}
