namespace EdgeShelf.Fleet.Documents;

/// <summary>
/// `…/desired`, schema 1: what the chain wants of a device or a group. What is absent stays as it is, except for the settings: without them the
/// device's own file holds. `Publish/schemas/desired.schema.json` is the machine-readable form of this contract.
/// </summary>
/// <param name="Version">The version, 1 or more. It increases on each topic.</param>
sealed record DesiredDocument(int Version)
{
    /// <summary>The maximum size of the document in bytes: a planogram of 200 positions takes 60 kB.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>The largest model archive that a document may ask for, in bytes. `Fleet:MaxModelBytes` may be lower.</summary>
    public const int MaxModelBytes = 1 << 30;

    public DesiredModel? Model { get; init; }
    public DesiredPlanogram? Planogram { get; init; }

    /// <summary>The settings by key, each in the form of the configuration file.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The hours in which the device may change itself, or null for at once.</summary>
    public ApplyWindow? Window { get; init; }

    /// <summary>Reads a document and collects all its problems.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    public static DesiredReading Read(ReadOnlyMemory<byte> json) => DesiredReader.Read(json);
}

/// <summary>What was read of a payload.</summary>
/// <param name="Document">The document, or null if there is a problem.</param>
/// <param name="Version">The version, also that of a document with problems; null if it cannot be told.</param>
/// <param name="Problems">All problems; empty exactly if there is a document.</param>
sealed record DesiredReading(DesiredDocument? Document, int? Version, IReadOnlyList<FleetProblem> Problems);
