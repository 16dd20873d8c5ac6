using System.Buffers;

namespace EdgeShelf.Pictures;

/// <summary>A decoded picture: 8-bit RGBA in rows from the top, upright, opaque. Disposing it returns the pixels to the pool.</summary>
/// <remarks>The pixels of a new picture are undefined until they are written.</remarks>
sealed class Picture(int width, int height) : IDisposable
{
    public const int BytesPerPixel = 4;

    byte[]? _pixels = ArrayPool<byte>.Shared.Rent(checked(width * height * BytesPerPixel));

    public int Width => width;
    public int Height => height;

    /// <summary>The size in pixels before a reduced decode. It equals the width and height if the decode was not reduced.</summary>
    public (int Width, int Height) FullSize { get; init; } = (width, height);

    /// <summary>
    /// The part of the decoded pixels that the full picture covers. A reduced decode rounds the size up, so its last row and
    /// column may cover less than a pixel. After rotation or mirroring they may be the first row and column.
    /// </summary>
    public (double Left, double Top, double Width, double Height) Extent { get; init; } = (0, 0, width, height);

    /// <summary>The pixels: width x height x 4 bytes.</summary>
    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels.AsSpan(0, Width * Height * BytesPerPixel);
        }
    }

    public void Dispose()
    {
        if (_pixels is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
        _pixels = null;
    }
}
