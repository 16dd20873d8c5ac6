namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Chooses the review thresholds that send the fewest pictures to a person while the rest reaches the wanted accuracy.</summary>
static class ReviewFit
{
    const double Step = 0.01;

    /// <param name="accuracy">Wanted accuracy of the answers that are not sent to review, from 0 to 1; a lower confidence bound must reach it.</param>
    /// <returns>
    /// The thresholds with the smallest review. If none reaches the accuracy, those that come closest. Of thresholds that would send
    /// the same pictures, the highest are chosen, so that an answer that is less sure than any of the tested ones goes to a person.
    /// </returns>
    public static ReviewThresholds Find(IReadOnlyList<Judgement> judgements, double accuracy)
    {
        ReviewThresholds best = new();
        (bool Reached, double Accuracy, double Coverage) bestValue = (false, double.NegativeInfinity, 0);
        for (double confidence = 0; confidence < 0.995; confidence += Step)
        {
            for (double margin = 0; margin < 0.505; margin += Step)
            {
                ReviewThresholds thresholds = new() { MinConfidence = Math.Round(confidence, 2), MinMargin = Math.Round(margin, 2) };
                ReviewShare share = ReviewShare.Of(judgements, thresholds);
                bool reached = share.SureAccuracy >= accuracy;
                (bool, double, double) value = (reached, reached ? 1 : share.SureAccuracy, share.Kept);
                if (value.CompareTo(bestValue) >= 0)
                    (best, bestValue) = (thresholds, value);
            }
        }

        return best;
    }
}

/// <summary>The effect of thresholds on a set of pictures.</summary>
/// <param name="Kept">Number of pictures that are not sent to review.</param>
/// <param name="Right">Number of kept pictures whose answer is right.</param>
sealed record ReviewShare(int Images, int Kept, int Right)
{
    /// <summary>The z value of a one-sided bound that holds in 19 of 20 cases.</summary>
    const double Z = 1.645;

    /// <summary>Share of the pictures that is sent to review.</summary>
    public double Review => 1 - ((double)Kept / Images);

    /// <summary>Share of the kept pictures that is right; 1 if no picture is kept.</summary>
    public double Accuracy => Kept == 0 ? 1 : (double)Right / Kept;

    /// <summary>Lower confidence bound of the accuracy for this number of pictures (Wilson 1927); 0 if no picture is kept.</summary>
    public double SureAccuracy
    {
        get
        {
            if (Kept == 0)
                return 0;
            double spread = Z * Math.Sqrt((Accuracy * (1 - Accuracy) / Kept) + (Z * Z / (4.0 * Kept * Kept)));
            return (Accuracy + (Z * Z / (2.0 * Kept)) - spread) / (1 + (Z * Z / Kept));
        }
    }

    public static ReviewShare Of(IReadOnlyList<Judgement> judgements, ReviewThresholds thresholds)
    {
        int kept = 0;
        int right = 0;
        foreach (Judgement judgement in judgements)
        {
            if (judgement.IsUnknown || judgement.Confidence < thresholds.MinConfidence || judgement.Margin < thresholds.MinMargin)
                continue;
            kept++;
            if (judgement.IsRight)
                right++;
        }

        return new ReviewShare(judgements.Count, kept, right);
    }
}
