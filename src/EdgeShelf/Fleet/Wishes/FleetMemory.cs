using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Watch;

namespace EdgeShelf.Fleet.Wishes;

/// <summary>What a device remembers of the fleet over restarts. It is never changed after it was made, and always written as a whole.</summary>
/// <remarks>For `set` instead of `init` see <see cref="Models.ModelManifest"/>.</remarks>
sealed record FleetMemory
{
    /// <summary>The number of verdicts that are kept. A document that was refused is forgotten after as many others.</summary>
    public const int MaxVerdicts = 32;

    public WishMemory Device { get; set; } = new();
    public WishMemory Group { get; set; } = new();

    /// <summary>The group to which <see cref="Group"/> belongs.</summary>
    public string? GroupName { get; set; }

    /// <summary>The document that was applied last, or null.</summary>
    public WishId? Applied { get; set; }

    /// <summary>The document whose application began and did not end yet; it is begun anew after a power cut.</summary>
    public Change? Applying { get; set; }

    /// <summary>The documents that are not tried again, oldest first.</summary>
    public IReadOnlyList<WishVerdict> Verdicts { get; set; } = [];

    /// <summary>The comparison after the last change of the model, or null if none runs.</summary>
    public SwitchMemory? Watch { get; set; }

    /// <summary>What the last finished comparison measured.</summary>
    public ReportedFigures? Figures { get; set; }

    public WishVerdict? VerdictOf(WishId id) => Verdicts.LastOrDefault(verdict => verdict.Id == id);

    public FleetMemory With(WishVerdict verdict) => this with { Verdicts = [.. Verdicts.Where(other => other.Id != verdict.Id).TakeLast(MaxVerdicts - 1), verdict] };
}

/// <summary>The newest document of one topic.</summary>
sealed record WishMemory
{
    /// <summary>The version of the newest document that was taken from the topic; 0 for none. It stays when the document is taken back.</summary>
    public int LastVersion { get; set; }

    /// <summary>The SHA-256 of the payload with that version.</summary>
    public string? LastSha256 { get; set; }

    /// <summary>The document that is on the topic now, or null.</summary>
    public Wish? Now { get; set; }
}

/// <param name="Json">The payload as text, or null if it could not be read.</param>
/// <param name="Version">The version, or null if it cannot be told.</param>
/// <param name="Problems">Why it cannot be applied; empty if it can.</param>
sealed record Wish(WishId Id, int? Version, string? Json, IReadOnlyList<FleetProblem> Problems)
{
    DesiredDocument? _read;

    /// <summary>The document, or null if it has problems.</summary>
    public DesiredDocument? Document() => Json is null ? null : _read ??= DesiredDocument.Read(System.Text.Encoding.UTF8.GetBytes(Json)).Document;
}

/// <param name="From">`device` or `group`.</param>
/// <param name="Sha256">The SHA-256 of the payload.</param>
sealed record WishId(string From, string Sha256)
{
    public const string OfDevice = "device";
    public const string OfGroup = "group";
}

/// <summary>Why a document is not tried again.</summary>
/// <param name="Status">`refused` or `rolled-back`.</param>
/// <param name="Slots">The version of the slots that the planogram did not fit, or null if the reason is another one. With other slots it is judged again.</param>
sealed record WishVerdict(WishId Id, string Status, IReadOnlyList<FleetProblem> Problems, ReportedFigures? Figures, int? Slots = null);

/// <summary>What one document changes, with what is needed to take it back without a network.</summary>
/// <param name="ModelBefore">The folder of the model before, or null if the model stays.</param>
/// <param name="ModelAfter">The folder of the model after.</param>
/// <param name="PlanogramBefore">The planogram before as JSON, or null if the planogram stays or there was none.</param>
/// <param name="SettingsBefore">The settings of the chain before.</param>
/// <param name="IsPlanogramNew">Whether there was no planogram before, so that going back removes the new one.</param>
sealed record Change(
    WishId Id, string? ModelBefore, string? ModelAfter, string? PlanogramBefore, IReadOnlyDictionary<string, string> SettingsBefore, bool IsPlanogramNew = false);
