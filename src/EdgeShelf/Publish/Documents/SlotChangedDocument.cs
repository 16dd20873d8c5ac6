using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>The data of the event `slot-changed`.</summary>
/// <param name="Shelf">The number of the shelf board, from 1 at the top, or null.</param>
/// <param name="Position">The number of the place on its shelf board, from 1 at the left, or null.</param>
/// <param name="From">The confirmed verdict before.</param>
/// <param name="To">The confirmed verdict from now on.</param>
/// <param name="Expected">What belongs in the slot, or null if nothing is expected there.</param>
/// <param name="Seen">The label of what is there now, or null if it is unknown.</param>
/// <param name="Since">The time of the first of the looks that agreed.</param>
/// <param name="BeforeS">How long the verdict before had been true, in seconds, or null if there was none.</param>
/// <param name="Result">The id of the result that confirmed the change.</param>
sealed record SlotChangedDocument(
    string Slot,
    int? Shelf,
    int? Position,
    string From,
    string To,
    ExpectedDocument? Expected,
    string? Seen,
    [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset Since,
    double? BeforeS,
    string Result)
{
    /// <param name="place">The slot as the bay's state has it, for its place on the shelf, or null if it is not known.</param>
    public static SlotChangedDocument Of(SlotChange change, SlotState? place, string resultId) => new(
        change.Slot, place?.Shelf, place?.Place, VerdictNames.Of(change.From), VerdictNames.Of(change.To), ExpectedDocument.Of(change.Expected), change.Seen, change.Since,
        change.Before is { } before ? Math.Round(before.TotalSeconds, 1) : null, resultId);
}

/// <summary>The data of the event `planogram-changed`.</summary>
/// <param name="Planogram">The planogram in force from now on, or null if there is none any more.</param>
/// <param name="From">The planogram before, or null.</param>
/// <param name="By">Who changed it: `page`, `http`, `request`, `verb`, `rollback` or `schedule`.</param>
sealed record PlanogramChangedDocument(PlanogramIdDocument? Planogram, PlanogramIdDocument? From, string By);

/// <summary>The data of the event `slots-changed`.</summary>
/// <param name="Version">The version of the slots on the device, which increases by one with each change.</param>
/// <param name="Slots">The number of slots.</param>
/// <param name="By">Who changed them, as in <see cref="PlanogramChangedDocument"/>.</param>
sealed record SlotsChangedDocument(int Version, int Slots, string By);
