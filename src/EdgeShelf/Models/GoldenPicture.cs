using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Checks a model on one picture whose answer is known. This detects a network that loads but computes wrong results.</summary>
static class GoldenPicture
{
    const string Hint = "Install the model again, or choose another with `edgeshelf model list` and `edgeshelf model use`.";

    /// <summary>
    /// Throws if the model has no golden picture. A model must have one to be put in use or to pass verification. A model of an older
    /// version that has none still loads, so that a shelf keeps its model when the program is updated.
    /// </summary>
    /// <exception cref="ConfigurationException">The manifest does not name a golden picture.</exception>
    public static void Require(LoadedModel model)
    {
        if (model.Manifest.Golden is null)
        {
            throw new ConfigurationException(
                $"{model.Manifest.Name} {model.Manifest.Version} has no golden picture: the files are as the manifest says, and nothing says what the network must answer.",
                "Make the model again with `edgeshelf model train` or `edgeshelf model quantize`; both write a golden picture.");
        }
    }

    /// <exception cref="ConfigurationException">The picture cannot be read, or the network gives a different answer.</exception>
    public static void Check(LoadedModel model, GoldenAnswer golden, string path)
    {
        IReadOnlyList<GoldenPrediction> found;
        try
        {
            found = Answer(model, path, model.Labels.Count);
        }
        catch (EdgeShelfException problem)
        {
            throw new ConfigurationException($"The golden picture cannot be used: {problem.Message}", Hint, problem);
        }

        // Processors round differently, so two close labels after the best one may swap places.
        Dictionary<string, double> confidences = found.ToDictionary(entry => entry.Label, entry => entry.Confidence);
        if (found[0].Label == golden.Top[0].Label && golden.Top.All(expected =>
            Math.Abs(confidences.GetValueOrDefault(expected.Label, double.NegativeInfinity) - expected.Confidence) <= golden.Tolerance))
        {
            return;
        }

        throw new ConfigurationException(
            $"{model.Manifest.Name} {model.Manifest.Version} answers {Describe(found.Take(golden.Top.Count))} for its golden picture {golden.Picture}; "
            + $"{Describe(golden.Top)} is expected, each within {golden.Tolerance.ToString("0.##", CultureInfo.InvariantCulture)}.",
            Hint);
    }

    /// <summary>Returns the best labels for a picture file, best first.</summary>
    public static IReadOnlyList<GoldenPrediction> Answer(LoadedModel model, string path, int count)
    {
        using var tensor = model.Preprocessor.ToTensor(PictureCrop.Read(path, model.Preprocessor));
        double[] probabilities = Softmax.Probabilities(TrialRun.Answer(model, tensor).LogitsOf(0), model.Manifest.Temperature);
        return [.. Softmax.TopK(probabilities, count).Select(index =>
            new GoldenPrediction(model.Labels[index].Label, Math.Round(probabilities[index], 4)))];
    }

    static string Describe(IEnumerable<GoldenPrediction> top) =>
        string.Join(", ", top.Select(entry => $"{entry.Label} {entry.Confidence.ToString("0.00", CultureInfo.InvariantCulture)}"));
}
