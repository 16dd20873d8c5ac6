using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Vision;

namespace EdgeShelf.Models;

/// <summary>
/// Reads a model folder and believes nothing: each file's hash, the labels' count and the golden picture's answer are
/// checked before the network is used, because a damaged ONNX file loads without complaint more often than not.
/// </summary>
static class ModelFolder
{
    const string InstallAgain = "Install the model again, or choose another with `edgeshelf model list` and `edgeshelf model use`.";

    /// <exception cref="ConfigurationException">Something is missing or wrong; the message says what was expected and found.</exception>
    public static LoadedModel Load(string folder, int threads)
    {
        ModelManifest manifest = ReadManifest(folder);
        byte[] onnx = [];
        foreach ((string file, string expected) in manifest.Files)
        {
            byte[] bytes = ReadFile(folder, file);
            string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (!string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException($"{Path.Combine(folder, file)} has SHA-256 {found}; the manifest says {expected}.", InstallAgain);
            if (file == ModelManifest.ModelFileName)
                onnx = bytes;
        }
        if (onnx.Length == 0)
            throw new ConfigurationException($"The manifest of {folder} names no {ModelManifest.ModelFileName}; its files are {string.Join(", ", manifest.Files.Keys)}.", InstallAgain);

        IReadOnlyList<ClassLabel> labels = LabelsFile.Read(Path.Combine(folder, ModelManifest.LabelsFileName));
        LoadedModel model = new(
            manifest,
            new ModelInfo(manifest.Name, manifest.Version, manifest.Files[ModelManifest.ModelFileName]),
            labels,
            new Network(onnx, manifest.Input, manifest.Outputs, threads),
            new Preprocessor(manifest.Input),
            threads);
        try
        {
            if (model.Network.Classes != labels.Count)
                throw new ConfigurationException($"{folder}: the network has {model.Network.Classes} classes and {ModelManifest.LabelsFileName} {labels.Count} labels.", InstallAgain);
            if (manifest.Golden is { } golden)
                CheckGolden(folder, model, golden);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public static ModelManifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        try
        {
            return JsonSerializer.Deserialize<ModelManifest>(ReadFile(folder, ModelManifest.FileName), ModelManifest.Json)
                ?? throw new ConfigurationException($"{path} is empty.", InstallAgain);
        }
        catch (JsonException problem)
        {
            throw new ConfigurationException($"{path} is no manifest: {problem.Message}", InstallAgain, problem);
        }
    }

    static byte[] ReadFile(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}", InstallAgain, problem);
        }
    }

    static void CheckGolden(string folder, LoadedModel model, GoldenAnswer golden)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        try
        {
            using Picture picture = PictureDecoder.Decode(ReadFile(folder, golden.Picture));
            model.Preprocessor.Crop(picture, crop);
        }
        catch (PictureException problem)
        {
            throw new ConfigurationException($"{Path.Combine(folder, golden.Picture)}: {problem.Message}", InstallAgain, problem);
        }
        using var tensor = model.Preprocessor.ToTensor(crop);
        double[] probabilities = Softmax.Probabilities(model.Network.Run(tensor).LogitsOf(0), model.Manifest.Temperature);
        GoldenPrediction[] found = [.. Softmax.TopK(probabilities, golden.Top.Count).Select(index => new GoldenPrediction(model.Labels[index].Label, probabilities[index]))];
        // Processors round differently; the best label may not change, nor a confidence by more than the tolerance.
        bool agrees = found[0].Label == golden.Top[0].Label
            && golden.Top.All(expected => found.Any(answer => answer.Label == expected.Label && Math.Abs(answer.Confidence - expected.Confidence) <= golden.Tolerance));
        if (!agrees)
            throw new ConfigurationException($"{folder} answers {Shown(found)} for its golden picture; the manifest says {Shown(golden.Top)}.", InstallAgain);
    }

    static string Shown(IEnumerable<GoldenPrediction> top) =>
        string.Join(", ", top.Select(answer => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{answer.Label} {answer.Confidence:0.000}")));
}
