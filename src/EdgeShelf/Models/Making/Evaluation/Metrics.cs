namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Results of a network on labelled pictures. All rates are from 0 to 1.</summary>
/// <param name="Ece">Expected calibration error of the best label's confidence.</param>
sealed record Metrics(int Images, double Top1, double Top3, double Ece, IReadOnlyList<ClassMetrics> Classes)
{
    public static Metrics Of(IReadOnlyList<Judgement> judgements) => new(
        judgements.Count,
        judgements.Average(judgement => judgement.IsRight ? 1.0 : 0),
        judgements.Average(judgement => judgement.IsInTop3 ? 1.0 : 0),
        Reliability.Of(judgements).ExpectedError,
        [.. judgements.GroupBy(judgement => judgement.Truth).OrderBy(group => group.Key).Select(group => new ClassMetrics(
            group.Key, group.Count(), group.Average(judgement => judgement.IsRight ? 1.0 : 0), group.Average(judgement => judgement.IsInTop3 ? 1.0 : 0)))]);
}

sealed record ClassMetrics(int Class, int Images, double Top1, double Top3);

/// <summary>The answer for one picture, together with its true class.</summary>
/// <param name="Top">The best labels, at most three, the best one first.</param>
/// <param name="Confidence">Confidence of the best label, after the temperature is applied.</param>
/// <param name="Margin">Confidence of the best label minus that of the second best.</param>
sealed record Judgement(ListedPicture Picture, int Truth, IReadOnlyList<int> Top, double Confidence, double Margin)
{
    public bool IsRight => Top[0] == Truth;

    /// <summary>Whether the picture is unlike everything that the model was taught; see <see cref="LoadedModel.IsUnknown"/>.</summary>
    public bool IsUnknown { get; init; }

    public bool IsInTop3 => Top.Contains(Truth);

    /// <exception cref="ArgumentException">The picture has no label.</exception>
    public static Judgement Of(ScoredPicture score, double temperature)
    {
        double[] probabilities = Softmax.Probabilities(score.Logits, temperature);
        int[] top = Softmax.TopK(probabilities, 3);
        return new Judgement(
            score.Picture, score.Picture.Class ?? throw new ArgumentException("The picture has no label.", nameof(score)),
            top, probabilities[top[0]], top.Length > 1 ? probabilities[top[0]] - probabilities[top[1]] : 1);
    }

    public static IReadOnlyList<Judgement> All(IEnumerable<ScoredPicture> scores, double temperature) => [.. scores.Select(score => Of(score, temperature))];
}
