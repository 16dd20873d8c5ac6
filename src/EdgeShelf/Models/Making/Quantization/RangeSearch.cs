namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Finds the scale of a tensor from its statistics.</summary>
static class RangeSearch
{
    /// <summary>How far the ends move inward in one trial, as a part of the range.</summary>
    const double Step = 0.01;

    /// <summary>Tighter ranges than this cost accuracy in every published table.</summary>
    const double Tightest = 0.3;

    public static ActivationScale Find(TensorStatistics statistics, CalibrationMethod method) => method switch
    {
        CalibrationMethod.MinMax => ActivationScale.Cover(statistics.Min, statistics.Max),
        _ => SearchSmallestError(statistics),
    };

    /// <summary>Moves first the upper, then the lower end inward, and keeps the range with the smallest error.</summary>
    static ActivationScale SearchSmallestError(TensorStatistics statistics)
    {
        double upper = Best(part => ActivationScale.Cover(statistics.Min, statistics.Max * part), statistics);
        if (statistics.Min >= 0)
            return ActivationScale.Cover(statistics.Min, statistics.Max * upper);
        double lower = Best(part => ActivationScale.Cover(statistics.Min * part, statistics.Max * upper), statistics);
        return ActivationScale.Cover(statistics.Min * lower, statistics.Max * upper);
    }

    static double Best(Func<double, ActivationScale> scaleFor, TensorStatistics statistics)
    {
        double best = 1;
        double smallest = double.PositiveInfinity;
        for (double part = 1; part >= Tightest; part -= Step)
        {
            double error = SquaredError(scaleFor(part), statistics);
            if (error < smallest)
                (best, smallest) = (part, error);
        }

        return best;
    }

    /// <summary>Sums the error over the histogram. Inside the range the error is a uniform rounding error, outside it is the distance to the range.</summary>
    static double SquaredError(ActivationScale scale, TensorStatistics statistics)
    {
        double rounding = (double)scale.Scale * scale.Scale / 12;
        double width = (statistics.Max - statistics.Min) / (double)TensorStatistics.Bins;
        double error = 0;
        for (int bin = 0; bin < statistics.Histogram.Count; bin++)
        {
            double value = statistics.Min + ((bin + 0.5) * width);
            double clipped = value - Math.Clamp(value, scale.Min, scale.Max);
            // Exact zeros, about half of a ReLU's output, have their own code.
            double inside = Math.Abs(value) <= width ? 0 : rounding;
            error += statistics.Histogram[bin] * (clipped == 0 ? inside : clipped * clipped);
        }

        return error;
    }
}
