using System.Globalization;
using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Checks an INT8 network against the FP32 network that it was made from.</summary>
static class QuantizationGate
{
    /// <summary>
    /// Without labels, only the agreement of the two networks can be measured. If FP32 is unsure between two labels, either answer
    /// is equally good, so the allowed disagreement is larger than the allowed loss by this factor.
    /// </summary>
    const double DisagreementPerLoss = 5;

    /// <param name="int8">Scores of the same pictures, in the same order.</param>
    /// <param name="maxLoss">The largest allowed loss in top-1, from 0 to 1.</param>
    /// <returns>A description of the problem, or null if there is none.</returns>
    public static string? Problem(IReadOnlyList<ScoredPicture> float32, IReadOnlyList<ScoredPicture> int8, double maxLoss)
    {
        if (int8.All(score => score.Picture.Class is not null))
        {
            double before = Metrics.Of(Judgement.All(float32, 1)).Top1;
            double after = Metrics.Of(Judgement.All(int8, 1)).Top1;
            return before - after > maxLoss
                ? $"INT8 is right on {Percent(after)} of {int8.Count} pictures and FP32 on {Percent(before)}; at most {Percent(maxLoss)} may be lost."
                : null;
        }

        double allowed = maxLoss * DisagreementPerLoss;
        double different = float32.Zip(int8).Average(pair => Best(pair.First) == Best(pair.Second) ? 0.0 : 1);
        return different > allowed
            ? $"INT8 and FP32 disagree on {Percent(different)} of {int8.Count} pictures; {Percent(allowed)} is allowed."
            : null;
    }

    static int Best(ScoredPicture score) => Array.IndexOf(score.Logits, score.Logits.Max());

    static string Percent(double rate) => (rate * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
