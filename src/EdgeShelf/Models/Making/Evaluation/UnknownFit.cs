namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>Finds the likeness below which a picture shows none of the products that were taught.</summary>
static class UnknownFit
{
    /// <summary>Share of the known products' pictures that may be lost to it.</summary>
    const double OwnLost = 0.05;

    /// <summary>Share of foreign pictures that the lower bound of the search lies above.</summary>
    const double ForeignBelow = 0.95;

    /// <summary>
    /// Pictures of the known products on other visits to the shelf lie above it, 19 of 20. Where foreign ones lie far below, the middle between
    /// the two: more of the known ones are kept, and hardly more foreign ones pass.
    /// </summary>
    /// <param name="own">Likeness of each picture to those of other visits.</param>
    /// <param name="foreign">Likeness of each picture to those of other products: what it has to a model that does not know its product.</param>
    public static UnknownThresholds Find(IReadOnlyList<double> own, IReadOnlyList<double> foreign)
    {
        double lowOwn = Quantile(own, OwnLost);
        double middle = (lowOwn + Quantile(foreign, ForeignBelow)) / 2;
        return new UnknownThresholds { MinLikeness = Math.Round(Math.Clamp(Math.Min(lowOwn, middle), 0, 1), 3) };
    }

    /// <summary>With linear interpolation between the two values next to it.</summary>
    static double Quantile(IReadOnlyList<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
