using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// The retained document on `…/shelf`, schema 1: the confirmed verdict of each slot, since when, and the bay's availability. It is published
/// at each connection and each change; a device without slots publishes none. `schemas/shelf.schema.json` is the machine-readable form.
/// </summary>
sealed record ShelfDocument
{
    public int Schema { get; init; } = 1;
    public required string Device { get; init; }

    /// <summary>The time when the document was written.</summary>
    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the system clock was known to be right at that time.</summary>
    public required bool ClockSynced { get; init; }
    public required PlanogramIdDocument? Planogram { get; init; }

    /// <summary>How well the last picture showed the bay, see <see cref="BayViewNames"/>.</summary>
    public required string View { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset ViewSince { get; init; }

    /// <summary>The time of the last picture, usable or not, or null before the first one.</summary>
    [JsonConverter(typeof(NullableUtcJsonConverter))]
    public required DateTimeOffset? LastLookAt { get; init; }

    /// <summary>The share of judged slots that hold their expected product, 0 to 1, or null if none was judged.</summary>
    public required double? Availability { get; init; }

    /// <summary>The number of slots in which a product is expected.</summary>
    public required int Expected { get; init; }

    /// <summary>The number of slots that hold their expected product.</summary>
    public required int Available { get; init; }

    /// <summary>The number of slots with an expected product that have a verdict.</summary>
    public required int Judged { get; init; }
    public required IReadOnlyList<ShelfSlotDocument> Slots { get; init; }

    public static ShelfDocument Of(BayRecord record, string device, DateTimeOffset now, bool clockSynced)
    {
        BayState state = record.State;
        return new ShelfDocument
        {
            Device = device,
            At = now,
            ClockSynced = clockSynced,
            Planogram = PlanogramIdDocument.Of(state.Planogram),
            View = BayViewNames.Of(state.View),
            ViewSince = state.ViewSince,
            LastLookAt = state.LastLookAt,
            Availability = state.Availability,
            Expected = state.Expected,
            Available = state.Available,
            Judged = state.Judged,
            Slots = [.. state.Slots.Select(slot => ShelfSlotDocument.Of(slot, now))],
        };
    }

    /// <summary>The document without the times that change with each look. Two documents that are equal in this form tell a reader the same.</summary>
    public ShelfDocument WithoutTimesOfLooking() =>
        this with { At = default, LastLookAt = null, Slots = [.. Slots.Select(slot => slot with { LastSeenAt = null })] };
}

/// <param name="Shelf">The number of the shelf board, from 1 at the top, or null.</param>
/// <param name="Position">The number of the place on its shelf board, from 1 at the left, or null.</param>
/// <param name="Expected">What belongs in the slot, or null if nothing is expected there.</param>
/// <param name="Verdict">The confirmed verdict. It is never `covered`: see <paramref name="CoveredSince"/>.</param>
/// <param name="Seen">The label of what is there, or null if it is unknown or was never judged.</param>
/// <param name="Since">The time since which the verdict is true.</param>
/// <param name="LastSeenAt">The time when the slot was last seen clearly, in agreement with its verdict.</param>
/// <param name="CoveredSince">The time since which something covers the slot or a change is not confirmed, or null if the slot is seen clearly.</param>
/// <param name="CoveredLong">True if the slot has been covered for more than ten minutes, so that the verdict may be out of date.</param>
sealed record ShelfSlotDocument(
    string Slot,
    int? Shelf,
    int? Position,
    ExpectedDocument? Expected,
    string Verdict,
    string? Seen,
    [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset Since,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? LastSeenAt,
    [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? CoveredSince,
    bool CoveredLong)
{
    public static ShelfSlotDocument Of(SlotState slot, DateTimeOffset now) => new(
        slot.Slot, slot.Shelf, slot.Place, ExpectedDocument.Of(slot.Expected), VerdictNames.Of(slot.Verdict), slot.Seen, slot.Since, slot.LastSeenAt, slot.CoveredSince,
        slot.IsCoveredLong(now));
}
