using EdgeShelf.Vision;

namespace EdgeShelf.Models.Evaluation;

/// <summary>Finds the temperature under which held-out labels are least surprising (Guo et al. 2017).</summary>
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

    /// <summary>Mean negative logarithm of the probability given to the right label.</summary>
    public static double MeanLoss(IReadOnlyList<ScoredPicture> scores, double temperature) => scores.Average(score =>
        -Math.Log(Math.Max(Softmax.Probabilities(score.Logits, temperature)[score.Picture.Class!.Value], 1e-12)));
}
