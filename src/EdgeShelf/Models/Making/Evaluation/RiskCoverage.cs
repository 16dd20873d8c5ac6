namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>
/// Shows the effect of answering only when sure: for each share of pictures answered, surest first, how many of those
/// answers are wrong (Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks").
/// </summary>
sealed record RiskCoverage(IReadOnlyList<RiskPoint> Points)
{
    public static RiskCoverage Of(IReadOnlyList<Judgement> judgements)
    {
        List<RiskPoint> points = [];
        int wrong = 0;
        foreach (Judgement judgement in judgements.OrderByDescending(judgement => judgement.Confidence))
        {
            if (!judgement.IsRight)
                wrong++;
            int answered = points.Count + 1;
            points.Add(new RiskPoint((double)answered / judgements.Count, (double)wrong / answered, judgement.Confidence));
        }

        return new RiskCoverage(points);
    }

    /// <summary>The point at which at least this share is answered.</summary>
    public RiskPoint At(double coverage) => Points[Math.Clamp((int)Math.Ceiling(coverage * Points.Count) - 1, 0, Points.Count - 1)];
}

/// <param name="Coverage">Share of the pictures answered.</param>
/// <param name="Risk">Share of those answers that are wrong.</param>
/// <param name="Confidence">Confidence of the least sure answer among them.</param>
sealed record RiskPoint(double Coverage, double Risk, double Confidence);
