namespace EdgeShelf.Teaching.Review;

/// <summary>
/// Limits how many new questions one place may ask, so that a place before which people pass all day neither wears out the SD card nor pushes
/// the questions of other places out. It knows no clock; the times come with the pictures. Not thread-safe.
/// </summary>
sealed class ReviewPace
{
    /// <summary>The number of new questions of one place in <see cref="Period"/>.</summary>
    public const int Limit = 20;

    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    readonly Dictionary<string, Queue<DateTimeOffset>> _asked = [];

    /// <summary>Whether the place may ask one more question now. If so, it counts.</summary>
    public bool TryTake(string slot, DateTimeOffset at)
    {
        if (!_asked.TryGetValue(slot, out Queue<DateTimeOffset>? asked))
            _asked[slot] = asked = new Queue<DateTimeOffset>();
        // A clock that was set back leaves times in the future, which would block the place.
        while (asked.TryPeek(out DateTimeOffset oldest) && (oldest <= at - Period || oldest > at + Period))
            asked.Dequeue();
        if (asked.Count >= Limit)
            return false;
        asked.Enqueue(at);
        return true;
    }
}
