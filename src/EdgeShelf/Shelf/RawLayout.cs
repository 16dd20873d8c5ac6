namespace EdgeShelf.Shelf;

/// <summary>The layout of the bytes of an unencoded frame.</summary>
/// <param name="Stride">The number of bytes from one row to the next, including padding.</param>
/// <param name="Bt709">True if the colour matrix is that of BT.709, false if it is that of BT.601.</param>
/// <param name="FullRange">True if black is 0 and white is 255, false if they are 16 and 235.</param>
sealed record RawLayout(RawPixels Pixels, int Width, int Height, int Stride, bool Bt709 = false, bool FullRange = false)
{
    /// <summary>The size of one frame, in bytes.</summary>
    public long Length => Pixels == RawPixels.Nv12 ? (long)Stride * Height + (long)Stride * ((Height + 1) / 2) : (long)Stride * Height;
}

enum RawPixels
{
    /// <summary>Bytes in the order Y U Y V: two pixels in four bytes.</summary>
    Yuyv,

    /// <summary>A plane of Y, followed by a plane of U V at half the width and height.</summary>
    Nv12,
}
