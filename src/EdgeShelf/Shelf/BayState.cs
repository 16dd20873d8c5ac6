namespace EdgeShelf.Shelf;

/// <summary>The confirmed verdict of each slot, and how well the bay can be seen. Every reader gets the same immutable state.</summary>
/// <param name="Planogram">The planogram in force, or null.</param>
/// <param name="View">How well the last picture showed the bay.</param>
/// <param name="ViewSince">The time since which the view is as it is.</param>
/// <param name="LastLookAt">The time of the last picture, usable or not. Null before the first one.</param>
/// <param name="Slots">The slots, in the order of the slot map. Empty without slots.</param>
sealed record BayState(PlanogramId? Planogram, BayView View, DateTimeOffset ViewSince, DateTimeOffset? LastLookAt, IReadOnlyList<SlotState> Slots)
{
    /// <summary>The number of slots in which a product is expected.</summary>
    public int Expected => Slots.Count(slot => slot.Expected is not null);

    /// <summary>The number of slots in which the expected product is.</summary>
    public int Available => Slots.Count(slot => slot.Expected is not null && slot.Verdict == Verdict.Match);

    /// <summary>The number of slots whose expected product is confirmed to be there or not to be there. Slots that were never judged do not count.</summary>
    public int Judged => Slots.Count(slot => slot.Expected is not null && slot.Verdict != Verdict.Unchecked);

    /// <summary>The on-shelf availability: the share of judged slots that match, 0 to 1, or null if none was judged.</summary>
    public double? Availability => Judged == 0 ? null : Math.Round((double)Available / Judged, 4);
}

/// <summary>How well a picture shows the bay.</summary>
enum BayView
{
    /// <summary>No picture was taken yet.</summary>
    None,

    /// <summary>The picture is usable and lies on the reference picture.</summary>
    Clear,

    /// <summary>The picture is dark, blurred, blank, overexposed or frozen.</summary>
    Unusable,

    /// <summary>The camera was moved: the picture does not lie on the reference picture.</summary>
    CameraMoved,
}

/// <summary>The names of views in documents, metrics and on the page.</summary>
static class BayViewNames
{
    public static string Of(BayView view) => view switch
    {
        BayView.None => "none",
        BayView.Clear => "clear",
        BayView.Unusable => "unusable",
        BayView.CameraMoved => "camera-moved",
        _ => throw new ArgumentOutOfRangeException(nameof(view), view, "A new view needs a name here and in shelf.schema.json."),
    };
}

/// <summary>The confirmed state of one slot.</summary>
/// <param name="Slot">The slot's name.</param>
/// <param name="Shelf">The number of the shelf board, from 1 at the top, or null.</param>
/// <param name="Place">The number of the place on its shelf board, from 1 at the left, or null.</param>
/// <param name="Verdict">The confirmed verdict. Unchecked before the first one, and where nothing is expected.</param>
/// <param name="Seen">The label of what is there, or null if it is unknown or was never judged.</param>
/// <param name="Since">The time since which the verdict is confirmed to be true: that of the first of the looks that agreed.</param>
/// <param name="LastSeenAt">The time when the slot was last seen clearly, in agreement with its verdict.</param>
/// <param name="CoveredSince">The time since which something covers the slot or a change has not come to rest, or null if the slot is seen clearly.</param>
sealed record SlotState(
    string Slot, int? Shelf, int? Place, ExpectedProduct? Expected, Verdict Verdict, string? Seen, DateTimeOffset Since, DateTimeOffset? LastSeenAt, DateTimeOffset? CoveredSince)
{
    /// <summary>The time after which a slot that is covered is reported as such, because its verdict may be out of date.</summary>
    public static readonly TimeSpan CoveredLongAfter = TimeSpan.FromMinutes(10);

    /// <summary>Whether the slot has been covered for more than <see cref="CoveredLongAfter"/>.</summary>
    public bool IsCoveredLong(DateTimeOffset now) => CoveredSince is { } since && now - since > CoveredLongAfter;
}

/// <summary>A confirmed change of a slot, as `slot-changed` reports it.</summary>
/// <param name="From">The confirmed verdict before.</param>
/// <param name="To">The confirmed verdict from now on.</param>
/// <param name="Seen">The label of what is there now, or null if it is unknown.</param>
/// <param name="Since">The time of the first of the looks that agreed.</param>
/// <param name="Before">How long the verdict before had been true, or null if there was none.</param>
sealed record SlotChange(string Slot, Verdict From, Verdict To, ExpectedProduct? Expected, string? Seen, DateTimeOffset Since, TimeSpan? Before);
