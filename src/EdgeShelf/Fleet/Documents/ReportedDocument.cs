using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Documents;

/// <summary>
/// `…/reported`, schema 1, retained: what a device made of the desired document in force. `Publish/schemas/reported.schema.json` is the
/// machine-readable form of this contract.
/// </summary>
/// <remarks>For `set` instead of `init` see <see cref="Models.ModelManifest"/>.</remarks>
sealed record ReportedDocument
{
    public int Schema { get; set; } = 1;
    public required string Device { get; init; }

    /// <summary>`Fleet:Group`, or null.</summary>
    public string? Group { get; set; }

    /// <summary>The UUID of the installation, as in results; null while it cannot be read.</summary>
    public string? Installation { get; set; }

    /// <summary>The version of the document in force, or null without one or if its version cannot be read.</summary>
    public int? DesiredVersion { get; set; }

    /// <summary>`device` or `group`: the topic of the document in force. Null without one.</summary>
    public string? DesiredFrom { get; set; }

    /// <summary>The highest version that the device ever took from the topic of its group, or null for none. It takes only a higher one.</summary>
    public int? GroupVersion { get; init; }

    /// <summary>One of <see cref="FleetStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="FleetStep"/> while something goes on, or null.</summary>
    public string? Step { get; set; }

    /// <summary>Why the document was refused or taken back, or why the current step is tried again.</summary>
    public IReadOnlyList<FleetProblem> Problems { get; set; } = [];

    /// <summary>The model in use, or null if none works.</summary>
    public ReportedModel? Model { get; set; }

    /// <summary>The planogram in force, or null.</summary>
    public ReportedPlanogram? Planogram { get; set; }

    /// <summary>The settings of the chain that this run of the service uses.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>What was measured with the model before and after the last change, or null.</summary>
    public ReportedFigures? Figures { get; set; }

    /// <summary>The on-shelf availability now, 0 to 1, or null.</summary>
    public double? Availability { get; set; }

    /// <summary>The version of the program.</summary>
    public required string Software { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, FleetJson.Wire.ReportedDocument);

    /// <summary>Reads the document of a device. Fields that are not known here are ignored, because a newer device may send them.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ReportedDocument? document)
    {
        try
        {
            document = JsonSerializer.Deserialize(json, FleetJson.Wire.ReportedDocument);
            return document is { Schema: 1, Device: not null, Status: not null, Software: not null, Problems: not null, Settings: not null };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            document = null;
            return false;
        }
    }
}

/// <param name="Sha256">The SHA-256 of the archive that it came in, or of the ONNX file if it did not come from the chain.</param>
sealed record ReportedModel(string Name, string Version, string Sha256);

sealed record ReportedPlanogram(string Name, string Version)
{
    public static ReportedPlanogram? Of(PlanogramId? id) => id is null ? null : new ReportedPlanogram(id.Name, id.Version);
}

/// <param name="Before">The last day with the model before, or null if it was never in use here.</param>
/// <param name="After">Since the change, or null before the first result.</param>
sealed record ReportedFigures(ReportedShares? Before, ReportedShares? After);

/// <summary>What a model does at this shelf. A share is null if nothing was counted.</summary>
/// <param name="ReviewShare">The share of answers that a person should review, 0 to 1.</param>
/// <param name="UnknownShare">The share of answers with an unknown product, 0 to 1.</param>
/// <param name="FailureShare">The share of pictures with which the network failed, 0 to 1.</param>
/// <param name="InferenceMs">The mean time of the network for a picture, or for each slot that it ran for, in milliseconds.</param>
sealed record ReportedShares(double? ReviewShare, double? UnknownShare, double? FailureShare, double? InferenceMs);

/// <summary>The values of `status`.</summary>
static class FleetStatus
{
    /// <summary>There is no desired document.</summary>
    public const string None = "none";
    public const string Pending = "pending";
    public const string Applied = "applied";
    public const string Refused = "refused";

    /// <summary>It was applied, and the device took it back.</summary>
    public const string RolledBack = "rolled-back";
}

/// <summary>The values of `step`.</summary>
static class FleetStep
{
    public const string Waiting = "waiting-for-window";
    public const string Downloading = "downloading";
    public const string Checking = "checking";
    public const string Applying = "applying";

    /// <summary>The model is in use and its figures are compared with those of the model before.</summary>
    public const string Watching = "watching";
}
