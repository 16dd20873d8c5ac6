using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Web;

/// <summary>The document of `/api/shelf`: the bay as the page draws it. The event `shelf` has the same document without <see cref="Day"/>.</summary>
sealed record BayDocument
{
    public int Schema { get; init; } = 1;
    public required string Device { get; init; }
    public required PlanogramIdDocument? Planogram { get; init; }

    /// <summary>How well the last picture showed the bay, see <see cref="Shelf.BayViewNames"/>.</summary>
    public required string View { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset ViewSince { get; init; }

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

    public required IReadOnlyList<BaySlotDocument> Slots { get; init; }

    /// <summary>The availability of the last day, oldest first. Left out where null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<BayPointDocument>? Day { get; init; }

    /// <summary>The last changes of each slot, oldest first.</summary>
    public required IReadOnlyList<BayChangeDocument> Changes { get; init; }
}

/// <summary>One slot of `/api/shelf`, with the fields of `…/shelf`.</summary>
record BaySlotDocument
{
    public required string Slot { get; init; }

    /// <summary>The number of the shelf board, from 1 at the top, or null.</summary>
    public required int? Shelf { get; init; }

    /// <summary>The number of the place on its shelf board, from 1 at the left, or null.</summary>
    public required int? Position { get; init; }

    /// <summary>Where the slot is in the newest picture, or on the reference picture if no picture was looked at since the slot was set.</summary>
    public required RegionDocument Region { get; init; }

    /// <summary>What belongs in the slot, or null if nothing is expected there.</summary>
    public required ExpectedDocument? Expected { get; init; }

    /// <summary>The confirmed verdict. It is never `covered`: see <see cref="CoveredSince"/>.</summary>
    public required string Verdict { get; init; }
    public required string? Seen { get; init; }

    [JsonConverter(typeof(UtcJsonConverter))]
    public required DateTimeOffset Since { get; init; }

    [JsonConverter(typeof(NullableUtcJsonConverter))]
    public required DateTimeOffset? LastSeenAt { get; init; }

    [JsonConverter(typeof(NullableUtcJsonConverter))]
    public required DateTimeOffset? CoveredSince { get; init; }

    /// <summary>True if the slot has been covered for more than ten minutes, so that the verdict may be out of date.</summary>
    public required bool CoveredLong { get; init; }

    /// <summary>The number of examples by which the expected product was taught.</summary>
    public required int Examples { get; init; }
}

/// <summary>The document of `/api/shelf/slots/{slot}`: one slot, and why its verdict is what it is.</summary>
sealed record BaySlotDetail : BaySlotDocument
{
    /// <summary>What the newest picture says of the slot, or null if the slot could not be judged in it.</summary>
    [JsonPropertyOrder(1)]
    public required JudgementExplanation? Explain { get; init; }

    /// <summary>The last changes of the slot, oldest first.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<BayChangeDocument> Changes { get; init; }
}

sealed record BayPointDocument([property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset At, double Availability);

/// <param name="Since">The time of the first of the looks that agreed.</param>
/// <param name="BeforeS">How long the verdict before had been true, in seconds, or null if there was none.</param>
sealed record BayChangeDocument(string Slot, string From, string To, string? Seen, [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset Since, double? BeforeS);
