using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Two people change the same document: the second one is told, and nothing is lost unseen.</summary>
static class Conflict
{
    public const string Code = "conflict";

    /// <param name="known">The number that the sender knows, or null if the sender does not say.</param>
    /// <exception cref="RequestRefusedException">`conflict`: another number is in force.</exception>
    public static void ThrowIf(int? known, int inForce, string number, string document)
    {
        if (known is not null && known != inForce)
            throw new RequestRefusedException(Code, $"The {document} changed in between: {number} {inForce} is in force, and the change was made on {number} {known}.", "Get the document again, and make the change on it.");
    }
}
