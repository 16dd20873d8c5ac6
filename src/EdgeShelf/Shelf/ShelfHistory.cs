using System.Collections.Immutable;

namespace EdgeShelf.Shelf;

/// <summary>
/// The last results with their thumbnails, and the newest picture in full, for display. They are kept in memory only, because the outbox
/// stores what must not be lost. All members are thread-safe.
/// </summary>
/// <param name="isWanted">Whether the copies are used: the page is on, or pictures are published. Otherwise no copies are made.</param>
/// <param name="isPublished">Whether each picture is published, so that each needs a thumbnail. Otherwise thumbnails are made while somebody looks.</param>
sealed class ShelfHistory(TimeProvider clock, bool isWanted = true, bool isPublished = false)
{
    public const int Capacity = 50;

    /// <summary>How long thumbnails are made after somebody looked: a page that is open tells of itself much more often.</summary>
    public static readonly TimeSpan LookedWithin = TimeSpan.FromMinutes(3);

    // The list and the frame are replaced as a whole, so that readers need no lock.
    volatile ImmutableList<PastResult> _oldestFirst = [];
    volatile LatestFrame? _latest;

    // A time stamp of the monotonic clock, or 0 before anybody looked.
    long _lookedAt;

    public bool IsWanted => isWanted;

    /// <summary>Whether the next picture needs a thumbnail.</summary>
    public bool NeedsThumbnail => isPublished || (Interlocked.Read(ref _lookedAt) is not 0 and var at && clock.GetElapsedTime(at) <= LookedWithin);

    public IReadOnlyList<PastResult> OldestFirst => _oldestFirst;

    public LatestFrame? Latest => _latest;

    /// <summary>Tells that somebody looks at the pictures.</summary>
    public void Looked() => Interlocked.Exchange(ref _lookedAt, clock.GetTimestamp());

    /// <summary>Adds a result. Only one thread may call this at a time.</summary>
    public void Add(CommittedResult result, PictureCopies copies)
    {
        _latest = new LatestFrame(result.Seq, copies.Whole);
        ImmutableList<PastResult> before = _oldestFirst;
        _oldestFirst = (before.Count < Capacity ? before : before.RemoveAt(0)).Add(new PastResult(result, copies.Thumbnail));
    }
}

/// <summary>The copies of a frame for display.</summary>
/// <param name="Whole">A JPEG or PNG: the camera's own file, or a copy if the camera returned raw pixels, which is made at the first use.</param>
/// <param name="Thumbnail">A small JPEG, or null if nobody looks.</param>
sealed record PictureCopies(Lazy<ReadOnlyMemory<byte>> Whole, byte[]? Thumbnail);

/// <param name="Thumbnail">A small JPEG, or null if nobody looked when the picture was taken.</param>
sealed record PastResult(CommittedResult Result, byte[]? Thumbnail);

/// <param name="Whole">A JPEG or PNG, as in <see cref="PictureCopies.Whole"/>.</param>
sealed record LatestFrame(long Seq, Lazy<ReadOnlyMemory<byte>> Whole);
