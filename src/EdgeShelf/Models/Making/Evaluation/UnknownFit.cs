namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Finds the likeness below which a picture shows none of the products that were taught.</summary>
static class UnknownFit
{
    /// <summary>Share of the known products' pictures that may fall below the threshold.</summary>
    const double OwnLost = 0.05;

    /// <summary>Share of the foreign pictures that lies below the quantile used for the middle.</summary>
    const double ForeignBelow = 0.95;

    /// <summary>
    /// Chooses a threshold that 19 of 20 pictures of the known products on other visits to the shelf exceed. If foreign pictures lie far below,
    /// it is the middle between the two, which keeps more of the known pictures and lets hardly more foreign ones pass.
    /// </summary>
    /// <param name="own">Likeness of each picture to those of other visits.</param>
    /// <param name="foreign">Likeness of each picture to those of other products. A model that does not know its product would give this value.</param>
    public static UnknownThresholds Find(IReadOnlyList<double> own, IReadOnlyList<double> foreign)
    {
        double lowOwn = Quantile(own, OwnLost);
        double middle = (lowOwn + Quantile(foreign, ForeignBelow)) / 2;
        return new UnknownThresholds { MinLikeness = Math.Round(Math.Clamp(Math.Min(lowOwn, middle), 0, 1), 3) };
    }

    /// <summary>Returns a quantile by linear interpolation between the two nearest values.</summary>
    static double Quantile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
