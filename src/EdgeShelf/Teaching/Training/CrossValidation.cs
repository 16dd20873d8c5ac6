using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Teaching.Training;

/// <summary>
/// Asks for the name of each picture while it and its neighbours are left out: once by likeness alone, as the service does without a trained head, and
/// once with a head that was trained without them. The pictures to be compared with are the same for both.
/// </summary>
/// <param name="Scores">For each judged picture its logits by the head that did not learn from it.</param>
/// <param name="Named">For each judged picture the answers.</param>
sealed record CrossValidation(IReadOnlyList<ScoredPicture> Scores, IReadOnlyList<NamedPicture> Named)
{
    public int Right => Named.Count(picture => picture.ByHead == picture.Picture.Label);

    public int RightByLikeness => Named.Count(picture => picture.ByLikeness == picture.Picture.Label);

    public int OnlyHead => Named.Count(picture => picture.ByHead == picture.Picture.Label && picture.ByLikeness != picture.Picture.Label);

    public int OnlyLikeness => Named.Count(picture => picture.ByHead != picture.Picture.Label && picture.ByLikeness == picture.Picture.Label);

    /// <param name="progress">Receives the number of folds done so far.</param>
    public static CrossValidation Of(
        IReadOnlyList<DescribedPicture> pictures, LabelPlan plan, HeadFit fit, ReadOnlyMemory<float> baseMean, LikenessThresholds thresholds, IProgress<int> progress,
        CancellationToken cancellationToken)
    {
        List<ScoredPicture> scores = [];
        List<NamedPicture> named = [];
        for (int fold = 0; fold < LabelPlan.FoldCount; fold++)
        {
            int[] left = [.. Enumerable.Range(0, pictures.Count).Where(at => plan.Folds[at] == fold)];
            if (left.Length > 0)
            {
                LinearHead head = fit.Without(fold, cancellationToken);
                LikenessIndex index = new([.. pictures.Where((_, at) => plan.Folds[at] != fold).Select(ExampleOf)], baseMean.Span);
                foreach (DescribedPicture picture in left.Select(at => pictures[at]))
                {
                    float[] logits = head.Logits(picture.Plain);
                    float[] likeness = index.LikenessOf(picture.Example.Descriptor.ToValues());
                    ModelOpinion opinion = new() { TaughtScores = plan.Trained.ToDictionary(label => plan.Labels[label].Label, label => logits[label]) };
                    scores.Add(new ScoredPicture(new ListedPicture(picture.Name, plan.IndexOf(picture.Label)), logits, picture.Plain));
                    named.Add(new NamedPicture(
                        picture, SlotJudge.Judge(index.Labels, likeness, null, default, thresholds).Seen, SlotJudge.Judge(index.Labels, likeness, null, opinion, thresholds).Seen));
                }
            }
            progress.Report(fold + 1);
        }
        return new CrossValidation(scores, named);
    }

    static Example ExampleOf(DescribedPicture picture) => new(picture.Example.Id, picture.Label, picture.Example.Slot, picture.Example.Descriptor);
}

/// <summary>A picture and the names that it got.</summary>
/// <param name="ByLikeness">The name by likeness alone, or null if nothing passes.</param>
/// <param name="ByHead">The name with the trained head, or null if nothing passes.</param>
readonly record struct NamedPicture(DescribedPicture Picture, string? ByLikeness, string? ByHead);
