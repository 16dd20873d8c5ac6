using System.Collections.Immutable;

namespace EdgeShelf.Shelf;

/// <summary>
/// The last results with small pictures of them, and the newest picture whole, for people to look at. In memory only: what
/// must not be lost is in the outbox. Safe from any thread.
/// </summary>
/// <param name="isWanted">Whether anybody can look: the page is on, or pictures are published. Otherwise no copies are made.</param>
sealed class ShelfHistory(bool isWanted = true)
{
    public const int Capacity = 50;

    // Read and replaced as a whole.
    volatile ImmutableList<PastResult> _oldestFirst = [];
    volatile LatestFrame? _latest;

    public bool IsWanted => isWanted;

    public IReadOnlyList<PastResult> OldestFirst => _oldestFirst;

    public LatestFrame? Latest => _latest;

    /// <summary>One writer at a time.</summary>
    public void Add(CommittedResult result, PictureCopies copies)
    {
        _latest = new LatestFrame(result.Seq, copies.Whole);
        ImmutableList<PastResult> before = _oldestFirst;
        _oldestFirst = (before.Count < Capacity ? before : before.RemoveAt(0)).Add(new PastResult(result, copies.Thumbnail));
    }
}

/// <summary>What people may look at of one frame.</summary>
/// <param name="Whole">A JPEG or PNG: as the camera gave it, unless it gave raw pixels.</param>
/// <param name="Thumbnail">A small JPEG.</param>
sealed record PictureCopies(ReadOnlyMemory<byte> Whole, byte[] Thumbnail);

/// <param name="Thumbnail">A small JPEG.</param>
sealed record PastResult(CommittedResult Result, byte[] Thumbnail);

/// <param name="Bytes">A JPEG or PNG, as in <see cref="PictureCopies.Whole"/>.</param>
sealed record LatestFrame(long Seq, ReadOnlyMemory<byte> Bytes);
