namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Detects a camera that returns the same picture again and again. Because of noise, a live sensor never returns the same bytes twice,
/// but a hung driver or a cache in between does.
/// </summary>
/// <param name="pictures">The number of equal pictures in a row that count as frozen.</param>
sealed class FreezeDetector(int pictures)
{
    ReadOnlyMemory<byte> _last;
    int _equal;

    /// <summary>Checks the next picture. Its bytes are kept until the following call.</summary>
    /// <returns>True if this picture belongs to a frozen series.</returns>
    public bool IsFrozen(ReadOnlyMemory<byte> picture)
    {
        _equal = _equal > 0 && picture.Span.SequenceEqual(_last.Span) ? _equal + 1 : 1;
        _last = picture;
        return _equal >= pictures;
    }
}
