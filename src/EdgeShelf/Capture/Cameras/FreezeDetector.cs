namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Notices a camera that shows the same picture again and again: a live sensor's noise never gives the same bytes twice, a
/// hung driver or a cache in between does.
/// </summary>
/// <param name="pictures">So many equal ones in a row are frozen.</param>
sealed class FreezeDetector(int pictures)
{
    ReadOnlyMemory<byte> _last;
    int _equal;

    /// <summary>Takes the next picture, which is kept until the one after it.</summary>
    /// <returns>True when this one belongs to a frozen row.</returns>
    public bool IsFrozen(ReadOnlyMemory<byte> picture)
    {
        _equal = _equal > 0 && picture.Span.SequenceEqual(_last.Span) ? _equal + 1 : 1;
        _last = picture;
        return _equal >= pictures;
    }
}
