namespace EdgeShelf.Shelf;

/// <summary>How the bytes of an unencoded frame are to be read.</summary>
/// <param name="Stride">Bytes from one row to the next, padding included.</param>
/// <param name="Bt709">The colour matrix is BT.709's; otherwise BT.601's.</param>
/// <param name="FullRange">Black is 0 and white 255; otherwise 16 and 235.</param>
sealed record RawLayout(RawPixels Pixels, int Width, int Height, int Stride, bool Bt709 = false, bool FullRange = false)
{
    /// <summary>Bytes of one frame.</summary>
    public long Length => Pixels == RawPixels.Nv12 ? (long)Stride * Height + (long)Stride * ((Height + 1) / 2) : (long)Stride * Height;
}

enum RawPixels
{
    /// <summary>Y U Y V: two pixels in four bytes.</summary>
    Yuyv,

    /// <summary>A plane of Y, then one of U V at half the width and height.</summary>
    Nv12,
}
