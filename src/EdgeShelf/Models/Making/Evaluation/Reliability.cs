namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>
/// Compares confidence with accuracy in 15 equal steps of confidence (Guo et al. 2017, "On Calibration of Modern Neural
/// Networks").
/// </summary>
sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins)
{
    public const int BinCount = 15;

    /// <summary>The mean gap between confidence and accuracy, where each step is weighted by its number of pictures.</summary>
    public double ExpectedError
    {
        get
        {
            double images = Bins.Sum(bin => bin.Images);
            return Bins.Sum(bin => bin.Images / images * Math.Abs(bin.Accuracy - bin.Confidence));
        }
    }

    public static Reliability Of(IReadOnlyList<Judgement> judgements) => new([.. judgements
        .GroupBy(judgement => Math.Min((int)(judgement.Confidence * BinCount), BinCount - 1))
        .OrderBy(group => group.Key)
        .Select(group => new ReliabilityBin(
            group.Key / (double)BinCount, group.Count(), group.Average(judgement => judgement.Confidence), group.Average(judgement => judgement.IsRight ? 1.0 : 0)))]);
}

/// <param name="From">The lower limit of the confidences in this step.</param>
/// <param name="Confidence">Mean confidence of the pictures in this step.</param>
/// <param name="Accuracy">Share of these pictures that were answered correctly.</param>
sealed record ReliabilityBin(double From, int Images, double Confidence, double Accuracy);
