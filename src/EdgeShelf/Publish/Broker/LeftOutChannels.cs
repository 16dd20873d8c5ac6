namespace EdgeShelf.Publish.Broker;

/// <param name="Until">The time when the channel is tried again.</param>
/// <param name="Reason">The reason for people, which is the broker's own if it gave one.</param>
sealed record LeftOut(SideChannel Channel, DateTimeOffset Until, string Reason);

/// <summary>
/// Decides which side channels a connection does without because the broker refused them or closed the connection on them: for ten
/// minutes, then twice as long each time that this happens again, up to four hours. This type is not thread-safe.
/// </summary>
sealed class LeftOutChannels(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    readonly SortedDictionary<SideChannel, Entry> _entries = [];

    /// <summary>The channels that the broker has not accepted since they were left out, including a channel that is being tried again.</summary>
    public IReadOnlyList<LeftOut> All => [.. _entries.Values.Select(entry => entry.Shown)];

    public bool Allows(SideChannel channel) =>
        !_entries.TryGetValue(channel, out Entry? entry) || clock.GetElapsedTime(entry.Since) >= entry.For;

    /// <returns>True if the channel was not left out before.</returns>
    public bool LeaveOut(SideChannel channel, string reason)
    {
        bool isNew = !_entries.TryGetValue(channel, out Entry? before);
        TimeSpan time = before is null ? First : before.For * 2 < Longest ? before.For * 2 : Longest;
        _entries[channel] = new Entry(clock.GetTimestamp(), time, new LeftOut(channel, clock.GetUtcNow() + time, reason));
        return isNew;
    }

    /// <summary>Call this when the broker accepted the channel.</summary>
    /// <returns>True if the channel had been left out.</returns>
    public bool Taken(SideChannel channel) => _entries.Remove(channel);

    sealed record Entry(long Since, TimeSpan For, LeftOut Shown);
}
