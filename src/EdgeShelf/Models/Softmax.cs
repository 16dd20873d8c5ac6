namespace EdgeShelf.Models;

/// <summary>Converts logits to calibrated probabilities and finds the largest ones.</summary>
static class Softmax
{
    /// <param name="temperature">Divisor of the logits; a value above 1 lowers the confidence (Guo et al. 2017).</param>
    public static double[] Probabilities(ReadOnlySpan<float> logits, double temperature)
    {
        double[] probabilities = new double[logits.Length];
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
            largest = Math.Max(largest, logit);
        double total = 0;
        for (int i = 0; i < logits.Length; i++)
            total += probabilities[i] = Math.Exp((logits[i] - largest) / temperature);
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] /= total;
        return probabilities;
    }

    /// <summary>Returns the positions of the largest values, largest first. Of equal values, the first position comes first.</summary>
    public static int[] TopK(ReadOnlySpan<double> values, int k)
    {
        int[] order = new int[Math.Min(k, values.Length)];
        for (int rank = 0; rank < order.Length; rank++)
        {
            int best = -1;
            for (int i = 0; i < values.Length; i++)
            {
                if (!order.AsSpan(0, rank).Contains(i) && (best < 0 || values[i] > values[best]))
                    best = i;
            }
            order[rank] = best;
        }
        return order;
    }
}
