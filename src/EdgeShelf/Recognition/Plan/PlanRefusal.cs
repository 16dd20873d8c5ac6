using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Reasons to refuse a change although its document is right.</summary>
static class PlanRefusal
{
    /// <summary>Two people change the same document: the second one is told, and nothing is lost unseen.</summary>
    public const string Conflict = "conflict";

    public const string NoVersion = "no-version";

    /// <summary>The disk did not take the change.</summary>
    public const string NotKept = "plan-not-kept";

    /// <param name="known">The number that the sender knows, or null if the sender does not say.</param>
    /// <exception cref="RequestRefusedException">`conflict`: another number is in force.</exception>
    public static void ThrowIfConflict(int? known, int inForce, string number, string document)
    {
        if (known is not null && known != inForce)
            throw new RequestRefusedException(Conflict, $"The {document} changed in between: {number} {inForce} is in force, and the change was made on {number} {known}.", "Get the document again, and make the change on it.");
    }

    /// <summary>A version that was asked for is not kept.</summary>
    /// <param name="number">The number that was asked for, or null for the one before.</param>
    /// <param name="kept">The numbers of the versions that are kept.</param>
    public static RequestRefusedException OfVersion(int? number, IEnumerable<int> kept) => new(
        NoVersion, number is null ? "There is no version before the one in force." : $"There is no version {number}.",
        kept.ToArray() is { Length: > 0 } numbers ? $"These versions are kept: {string.Join(", ", numbers)}." : "Nothing was ever set.");
}
