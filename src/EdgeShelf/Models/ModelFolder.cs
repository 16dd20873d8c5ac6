using System.Security.Cryptography;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// Reads a model folder and verifies it. The hash of each file, the number of labels and the answer for the golden picture are
/// checked before the network is used, because a damaged ONNX file often loads without an error.
/// The network runs once at each load, so that one that fails or never ends is refused here and not at a shelf's first picture.
/// </summary>
static class ModelFolder
{
    const string InstallAgain = "Install the model again, or choose another with `edgeshelf model list` and `edgeshelf model use`.";

    /// <exception cref="ConfigurationException">A file is missing or wrong; the message says what was expected and what was found.</exception>
    public static LoadedModel Load(string folder, int threads)
    {
        ModelManifest manifest = ReadManifest(folder);
        byte[] onnx = [];
        Prototypes? prototypes = null;
        float[]? mean = null;
        foreach ((string file, string expected) in manifest.Files)
        {
            byte[] bytes = ReadFile(folder, file);
            string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (!string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException($"{Path.Combine(folder, file)} has SHA-256 {found}; the manifest says {expected}.", InstallAgain);
            if (file == ModelManifest.ModelFileName)
                onnx = bytes;
            else if (file == Prototypes.FileName && manifest.Unknown is not null)
                prototypes = Prototypes.Parse(bytes, Path.Combine(folder, file));
            else if (file == DescriptorMean.FileName)
                mean = DescriptorMean.Parse(bytes, Path.Combine(folder, file));
        }

        IReadOnlyList<ClassLabel> labels = LabelsFile.Read(Path.Combine(folder, ModelManifest.LabelsFileName));
        LoadedModel model = new(
            manifest,
            new ModelInfo(manifest.Name, manifest.Version, manifest.Files[ModelManifest.ModelFileName]),
            labels,
            new Network(onnx, manifest.Input, manifest.Outputs, threads),
            new Preprocessor(manifest.Input),
            threads)
        { Prototypes = prototypes, DescriptorMean = mean, DescriptorSource = DescriptorSource.Of(onnx, manifest) };
        try
        {
            if (prototypes is not null && model.Network.Features != prototypes.Features)
                throw new ConfigurationException($"{folder}: the network gives {model.Network.Features} features and {Prototypes.FileName} holds {prototypes.Features}.", InstallAgain);
            if (mean is not null && model.Network.Descriptors != mean.Length)
                throw new ConfigurationException($"{folder}: the network gives descriptors of {model.Network.Descriptors} values and {DescriptorMean.FileName} holds {mean.Length}.", InstallAgain);
            if (model.Network.Classes != labels.Count)
                throw new ConfigurationException($"{folder}: the network has {model.Network.Classes} classes and {ModelManifest.LabelsFileName} {labels.Count} labels.", InstallAgain);
            TrialRun.Make(model, folder);
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
        if (!ManifestFile.TryParse(ReadFile(folder, ModelManifest.FileName), ModelsJson.Files.ModelManifest, out ModelManifest? manifest, out string? problem))
            throw new ConfigurationException($"{path} is not a manifest: {problem}.", InstallAgain);
        string[] problems = [.. ManifestRules.Problems(manifest)];
        return problems.Length == 0 ? manifest : throw new ConfigurationException($"{path}: {string.Join("; ", problems)}.", InstallAgain);
    }

    public static string Sha256(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static byte[] ReadFile(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        try
        {
            // The size is checked here and not taken from the manifest, because the author of the files also wrote the manifest.
            if (new FileInfo(path).Length is > NetworkFile.LargestBytes and var length)
                throw new ConfigurationException($"{path} has {length} bytes; at most {NetworkFile.LargestBytes} are allowed.", InstallAgain);
            return NamedFile.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}", InstallAgain, problem);
        }
    }
}
