using System.Collections.Immutable;
using EdgeShelf.Pictures;
using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Shelf;

/// <summary>
/// The last results with small pictures of them, and the newest picture whole, for people to look at. In memory only: what
/// must not be lost is in the outbox. Safe from any thread.
/// </summary>
sealed class ShelfHistory(TimeProvider clock)
{
    public const int Capacity = 50;

    /// <summary>Pixels of a small picture's longer side.</summary>
    public const int ThumbnailSide = 360;

    /// <summary>A raw frame is shown as a JPEG of at most this longer side, in pixels.</summary>
    const int RawFrameSide = 1920;

    // Read and replaced as a whole.
    volatile ImmutableList<PastResult> _oldestFirst = [];
    volatile LatestFrame? _latest;

    public IReadOnlyList<PastResult> OldestFirst => _oldestFirst;

    public LatestFrame? Latest => _latest;

    /// <summary>One writer at a time.</summary>
    public void Add(ResultDocument result, Frame frame)
    {
        _latest = new LatestFrame(result.Seq, frame.Layout is null ? frame.Bytes : Thumbnail.Of(frame, RawFrameSide), clock.GetTimestamp());
        ImmutableList<PastResult> before = _oldestFirst;
        _oldestFirst = (before.Count < Capacity ? before : before.RemoveAt(0)).Add(new PastResult(result, Thumbnail.Of(frame, ThumbnailSide)));
    }
}

/// <param name="Thumbnail">A JPEG.</param>
sealed record PastResult(ResultDocument Result, byte[] Thumbnail);

/// <param name="Bytes">A JPEG or PNG: as the camera gave it, unless it gave raw pixels.</param>
/// <param name="Timestamp">On the clock that does not jump.</param>
sealed record LatestFrame(long Seq, ReadOnlyMemory<byte> Bytes, long Timestamp);
