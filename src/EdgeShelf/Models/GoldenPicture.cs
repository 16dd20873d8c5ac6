using System.Globalization;
using EdgeShelf.Vision;

namespace EdgeShelf.Models;

/// <summary>One picture whose answer is known: a network that loads but computes wrongly is caught by it.</summary>
static class GoldenPicture
{
    /// <exception cref="ConfigurationException">The network answers otherwise.</exception>
    public static void Check(LoadedModel model, GoldenAnswer golden, string path)
    {
        IReadOnlyDictionary<string, double> found = Answer(model, path, model.Labels.Count).ToDictionary(entry => entry.Label, entry => entry.Confidence);
        // By confidence, not by rank: processors round differently, and two close labels may change places.
        if (golden.Top.All(expected => Math.Abs(found.GetValueOrDefault(expected.Label, double.NegativeInfinity) - expected.Confidence) <= golden.Tolerance))
            return;
        throw new ConfigurationException(
            $"{model.Manifest.Name} {model.Manifest.Version} answers {Describe(Answer(model, path, golden.Top.Count))} for its golden picture {golden.Picture}; "
            + $"{Describe(golden.Top)} is expected, each within {golden.Tolerance.ToString("0.##", CultureInfo.InvariantCulture)}.",
            "Install the model again, or switch to another with `edgeshelf model use`.");
    }

    /// <summary>The best labels for a picture file, best first.</summary>
    public static IReadOnlyList<GoldenPrediction> Answer(LoadedModel model, string path, int count)
    {
        using var tensor = model.Preprocessor.ToTensor(PictureCrop.Read(path, model.Preprocessor));
        double[] probabilities = Softmax.Probabilities(model.Network.Run(tensor).LogitsOf(0), model.Manifest.Temperature);
        return [.. Softmax.TopK(probabilities, count).Select(index =>
            new GoldenPrediction(model.Labels[index].Label, Math.Round(probabilities[index], 4)))];
    }

    static string Describe(IEnumerable<GoldenPrediction> top) =>
        string.Join(", ", top.Select(entry => $"{entry.Label} {entry.Confidence.ToString("0.00", CultureInfo.InvariantCulture)}"));
}
