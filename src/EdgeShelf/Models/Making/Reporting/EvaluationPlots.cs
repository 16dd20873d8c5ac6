using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>Draws the diagrams of an evaluation.</summary>
static class EvaluationPlots
{
    /// <summary>Draws accuracy by confidence. The number above a bar counts its pictures. In a calibrated model the bars end on the diagonal: nine in ten answers at 0.9 are right.</summary>
    public static string Reliability(Reliability reliability)
    {
        SvgPlot plot = new(FormattableString.Invariant($"Reliability, calibration error {reliability.ExpectedError * 100:0.0} %"), "confidence", "right");
        foreach (ReliabilityBin bin in reliability.Bins)
        {
            plot.Bar(bin.From, bin.From + (1.0 / Evaluation.Reliability.BinCount), bin.Accuracy, Count(bin.Images), FormattableString.Invariant(
                $"{bin.Images} pictures at {bin.Confidence:0.00}: {bin.Accuracy * 100:0} % right"));
        }

        return plot.Mark([(0, 0), (1, 1)]).ToString();
    }

    public static string RiskCoverage(RiskCoverage curve, ReviewShare review)
    {
        double top = Math.Max(0.05, Math.Ceiling(curve.Points.Max(point => point.Risk) * 20) / 20);
        return new SvgPlot(FormattableString.Invariant($"At the model's thresholds {review.Review * 100:0.0} % go to review"), "answered without review", "wrong among them", top)
            .Curve(curve.Points.Select(point => (point.Coverage, point.Risk)))
            .Mark([(1 - review.Review, 0), (1 - review.Review, top)])
            .ToString();
    }

    // Five digits do not fit above a bar.
    static string Count(int images) => images < 10_000 ? FormattableString.Invariant($"{images}") : FormattableString.Invariant($"{images / 1000}k");
}
