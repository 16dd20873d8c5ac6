namespace EdgeShelf.Fleet.Control;

/// <summary>When a rollout goes on and when it stops.</summary>
/// <param name="MaxFailed">The largest share of a group's devices that may fail, 0 to 1.</param>
/// <param name="Timeout">The time that a connected device has to apply the document. It starts anew while the device waits for its window.</param>
sealed record RolloutRules(double MaxFailed, TimeSpan Timeout)
{
    /// <summary>The groups that no device had reported at the start, and that get the document all the same. Nobody is waited for in them.</summary>
    public IReadOnlyList<string> MayBeEmpty { get; init; } = [];

    /// <summary>The time after which a device that still compares its new model counts as failed. A device compares for an hour.</summary>
    public static readonly TimeSpan WatchLimit = TimeSpan.FromHours(2);
}
