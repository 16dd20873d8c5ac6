using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Pull;

/// <summary>A download did not succeed this time. What arrived is kept, and the next attempt continues there.</summary>
/// <param name="code">One of the constants of <see cref="Documents.FleetProblem"/>.</param>
/// <param name="retryAfter">The time that the server asks to wait, or null.</param>
/// <param name="isStalled">Whether the server began to send the file, and the attempt came no further than those before.</param>
sealed class FetchException(string code, string message, string hint, TimeSpan? retryAfter = null, Exception? inner = null, bool isStalled = false) : EdgeShelfException(message, hint, inner)
{
    public override string Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool IsStalled { get; } = isStalled;
}
