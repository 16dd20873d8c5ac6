namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Finds the temperature that gives the smallest loss on held-out labels (Guo et al. 2017).</summary>
static class TemperatureFit
{
    const double Coldest = 0.1;
    const double Hottest = 10;

    /// <param name="scores">Labelled pictures that the network was not trained on.</param>
    public static double Find(IReadOnlyList<ScoredPicture> scores)
    {
        // The loss has one minimum over the logarithm of the temperature: a golden-section search finds it.
        double ratio = (Math.Sqrt(5) - 1) / 2;
        (double low, double high) = (Math.Log(Coldest), Math.Log(Hottest));
        while (high - low > 1e-4)
        {
            double left = high - (ratio * (high - low));
            double right = low + (ratio * (high - low));
            if (MeanLoss(scores, Math.Exp(left)) < MeanLoss(scores, Math.Exp(right)))
                high = right;
            else
                low = left;
        }

        return Math.Round(Math.Exp((low + high) / 2), 4);
    }

    /// <summary>
    /// Computes the mean cross-entropy with smoothed labels: with n pictures, each label counts (n + 1) / (n + 2) and the others share
    /// the rest (Platt 1999). Otherwise a network that is right on all of a few pictures would become certain of every answer.
    /// </summary>
    static double MeanLoss(IReadOnlyList<ScoredPicture> scores, double temperature)
    {
        double doubt = 1.0 / (scores.Count + 2);
        return scores.Average(score =>
        {
            double largest = score.Logits.Max();
            double total = Math.Log(score.Logits.Sum(logit => Math.Exp((logit - largest) / temperature)));
            double Loss(double logit) => total - ((logit - largest) / temperature);
            double right = Loss(score.Logits[score.Picture.Class!.Value]);
            return ((1 - doubt) * right) + (doubt * (score.Logits.Sum(logit => Loss(logit)) - right) / (score.Logits.Length - 1));
        });
    }
}
