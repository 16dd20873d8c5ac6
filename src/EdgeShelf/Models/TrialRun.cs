using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models;

/// <summary>Runs a network for the first time at each load, within a time limit. It uses the golden picture, or a grey one if the manifest has none.</summary>
static class TrialRun
{
    const byte Grey = 128;

    /// <summary>Time limit of the run: about a hundred times what a ResNet-18 takes on the slowest board.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <exception cref="ConfigurationException">The network fails, takes too long, or gives a different answer than expected.</exception>
    public static void Make(LoadedModel model, string folder)
    {
        if (model.Manifest.Golden is { } golden)
        {
            GoldenPicture.Check(model, golden, Path.Combine(folder, golden.Picture));
            return;
        }
        byte[] crop = new byte[model.Preprocessor.CropLength];
        Array.Fill(crop, Grey);
        using OrtValue tensor = model.Preprocessor.ToTensor(crop);
        try
        {
            Answer(model, tensor);
        }
        catch (NetworkException problem)
        {
            throw new ConfigurationException($"{folder} fails on its first picture: {problem.Message}", problem.Hint, problem);
        }
    }

    /// <exception cref="NetworkException">The network fails, takes too long, or returns a number of values that differs from its number of classes.</exception>
    public static NetworkAnswer Answer(LoadedModel model, OrtValue tensor)
    {
        NetworkAnswer answer = model.Network.RunWithin(Limit, tensor, TimeProvider.System);
        if (answer.Descriptors is { } descriptors && descriptors.Length != model.Network.Descriptors)
        {
            throw new NetworkException(
                $"The network gave a descriptor of {descriptors.Length} values for one picture; {model.Network.Descriptors} are expected.", "Make or install the model again.");
        }

        return answer.Logits.Length == answer.Classes
            ? answer
            : throw new NetworkException(
                $"The network gave {answer.Logits.Length} logits for one picture; {answer.Classes} are expected.", "Make or install the model again.");
    }
}
