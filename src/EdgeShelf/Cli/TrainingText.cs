using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Training;

namespace EdgeShelf.Cli;

/// <summary>Describes a trained model for people. Each percentage comes with the number of pictures it is based on.</summary>
static class TrainingText
{
    const int SuspectsShown = 10;

    public static IEnumerable<string> Lines(TrainingReport report, ModelComparison? comparison)
    {
        Metrics metrics = report.Metrics;
        yield return $"By cross-validation, on {metrics.Images} pictures that it did not learn from: top-1 {Percent(metrics.Top1)}, top-3 {Percent(metrics.Top3)}, calibration error {Percent(metrics.Ece)}.";
        ReviewShare review = report.Review;
        yield return $"{Percent(review.Review)} of them go to review. Of the other {review.Kept}, {review.Right} are right; this many pictures show, with 95 % confidence, that at least {Percent(review.SureAccuracy)} are.";
        ReviewShare foreign = report.Foreign;
        yield return $"Of products that it was not taught (each of these held out in turn), {Percent(1 - foreign.Review)} of the pictures get a wrong label without review, {foreign.Kept} of {foreign.Images}.";
        if (comparison is { Images: > 0 })
        {
            yield return $"On {comparison.Images} pictures of {comparison.Products} products that {comparison.InUse}, the model in use, knows too: it names {Percent(comparison.Before)} right, "
                + $"the new one {Percent(comparison.After)}. The model in use may have learned from these pictures.";
        }
        else if (comparison is not null)
        {
            yield return $"{comparison.InUse}, the model in use, knows none of these products.";
        }

        foreach (SuspectLabel suspect in report.Suspects.Take(SuspectsShown))
        {
            yield return $"Is this label right? {LabelText.Show(suspect.Picture.Path)} is in {report.Labels[suspect.Picture.Class!.Value].Label} and looks like "
                + $"{report.Labels[suspect.Looks].Label} ({suspect.Confidence.ToString("0.00", CultureInfo.InvariantCulture)}).";
        }

        if (report.Suspects.Count > SuspectsShown)
            yield return $"{report.Suspects.Count - SuspectsShown} more pictures look like another product than their folder says.";
    }

    static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
