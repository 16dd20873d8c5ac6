namespace EdgeShelf.Publish.Broker;

/// <param name="Until">When it is tried again.</param>
/// <param name="Reason">The broker's own reason where it gave one; for people.</param>
sealed record LeftOut(SideChannel Channel, DateTimeOffset Until, string Reason);

/// <summary>
/// Decides which side channels a connection does without, because the broker refused them or hung up on them: for ten
/// minutes, then twice as long each time that the broker does it again, up to four hours. Not safe for several threads.
/// </summary>
sealed class LeftOutChannels(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    readonly SortedDictionary<SideChannel, Entry> _entries = [];

    /// <summary>Those that the broker has not taken since they were left out, also while one of them is tried again.</summary>
    public IReadOnlyList<LeftOut> All => [.. _entries.Values.Select(entry => entry.Shown)];

    public bool Allows(SideChannel channel) =>
        !_entries.TryGetValue(channel, out Entry? entry) || clock.GetElapsedTime(entry.Since) >= entry.For;

    /// <returns>True when it was not left out before.</returns>
    public bool LeaveOut(SideChannel channel, string reason)
    {
        bool isNew = !_entries.TryGetValue(channel, out Entry? before);
        TimeSpan time = before is null ? First : before.For * 2 < Longest ? before.For * 2 : Longest;
        _entries[channel] = new Entry(clock.GetTimestamp(), time, new LeftOut(channel, clock.GetUtcNow() + time, reason));
        return isNew;
    }

    /// <summary>The broker took it.</summary>
    /// <returns>True when it had been left out.</returns>
    public bool Taken(SideChannel channel) => _entries.Remove(channel);

    sealed record Entry(long Since, TimeSpan For, LeftOut Shown);
}
