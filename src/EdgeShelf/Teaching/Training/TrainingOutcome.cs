using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Platform;

namespace EdgeShelf.Teaching.Training;

/// <summary>What came of a training from examples: both figures, and what was done. The newest one is kept in `training.json`.</summary>
/// <param name="At">When it ended, in UTC.</param>
/// <param name="Model">The name of the model that was written, or null if none was.</param>
/// <param name="IsBetter">Whether it won; see <see cref="PairedTest"/>.</param>
/// <param name="IsUsed">Whether it was put in use.</param>
/// <param name="Examples">The number of examples that were learned from.</param>
/// <param name="Products">The number of labels that were learned.</param>
/// <param name="Judged">The number of examples that both ways were asked to name, each of them left out of what was learned.</param>
/// <param name="Right">The number of these that the new model names right.</param>
/// <param name="RightByLikeness">The number of these that likeness alone names right.</param>
/// <param name="OnlyModel">The number of these that only the new model names right.</param>
/// <param name="OnlyLikeness">The number of these that only likeness names right.</param>
/// <param name="Chance">The probability of such a win by chance.</param>
/// <param name="Notes">What was left out or not done, and why, in sentences.</param>
sealed record TrainingOutcome(
    DateTimeOffset At, string? Model, [property: JsonPropertyName("better")] bool IsBetter, [property: JsonPropertyName("used")] bool IsUsed, int Examples, int Products, int Judged, int Right, int RightByLikeness, int OnlyModel, int OnlyLikeness, double Chance,
    PresentModel? Present, IReadOnlyList<string> Notes)
{
    public const string FileName = "training.json";

    /// <summary>Reads the newest outcome. Returns null if there is none, or if it cannot be read: it only informs people.</summary>
    public static TrainingOutcome? Read(string state)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(state, FileName)), TeachingJson.Files.TrainingOutcome);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    public void Write(string state) =>
        DurableFile.Write(Path.Combine(state, FileName), JsonSerializer.SerializeToUtf8Bytes(this, TeachingJson.Files.TrainingOutcome), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}

/// <summary>How the last layer of the model in use does on the same examples. It may have learned from them, so its figures are upper bounds.</summary>
/// <param name="Name">Name and version of the model in use.</param>
/// <param name="Judged">The number of examples whose label it knows.</param>
/// <param name="Right">The number of these that it names right among all its labels.</param>
/// <param name="NewRight">The number of these that the new model names right among all its labels, each left out of what was learned.</param>
sealed record PresentModel(string Name, int Judged, int Right, int NewRight);
