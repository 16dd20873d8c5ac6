namespace EdgeShelf.Models.Evaluation;

/// <summary>Chooses the review thresholds: as few pictures to a person as leave the rest right often enough.</summary>
static class ReviewFit
{
    const double Step = 0.01;

    /// <param name="accuracy">Wanted of what is not sent to review, 0 to 1.</param>
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
                bool reached = share.Accuracy >= accuracy;
                (bool, double, double) value = (reached, reached ? 1 : share.Accuracy, 1 - share.Review);
                if (value.CompareTo(bestValue) >= 0)
                    (best, bestValue) = (thresholds, value);
            }
        }

        return best;
    }
}

/// <summary>What thresholds do to a set of pictures.</summary>
/// <param name="Review">Part that is sent to review.</param>
/// <param name="Accuracy">Part of the rest that is right; 1 where nothing is left.</param>
sealed record ReviewShare(double Review, double Accuracy)
{
    public static ReviewShare Of(IReadOnlyList<Judgement> judgements, ReviewThresholds thresholds)
    {
        int kept = 0;
        int right = 0;
        foreach (Judgement judgement in judgements)
        {
            if (judgement.Confidence < thresholds.MinConfidence || judgement.Margin < thresholds.MinMargin)
                continue;
            kept++;
            if (judgement.IsRight)
                right++;
        }

        return new ReviewShare(1 - ((double)kept / judgements.Count), kept == 0 ? 1 : (double)right / kept);
    }
}
