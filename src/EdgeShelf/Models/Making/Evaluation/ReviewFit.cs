namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Chooses the review thresholds: as few pictures to a person as leave the rest right often enough.</summary>
static class ReviewFit
{
    const double Step = 0.01;

    /// <param name="accuracy">Wanted of what is not sent to review, 0 to 1: by what the pictures vouch for, not by luck with a few.</param>
    /// <returns>
    /// The thresholds with the smallest review; where none reaches the accuracy, those that come closest. Of thresholds that would send
    /// the same pictures, the highest: an answer that is less sure than any that was tried is a person's.
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

/// <summary>What thresholds do to a set of pictures.</summary>
/// <param name="Kept">Pictures that are not sent to review.</param>
/// <param name="Right">Of these.</param>
sealed record ReviewShare(int Images, int Kept, int Right)
{
    /// <summary>z of a one-sided bound that holds 19 times of 20.</summary>
    const double Z = 1.645;

    /// <summary>Part that is sent to review.</summary>
    public double Review => 1 - ((double)Kept / Images);

    /// <summary>Part of the rest that is right; 1 where nothing is left.</summary>
    public double Accuracy => Kept == 0 ? 1 : (double)Right / Kept;

    /// <summary>What the accuracy is at least, as far as so many pictures can tell (Wilson 1927); 0 where nothing is left.</summary>
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
