using System.Runtime.InteropServices;

namespace EdgeShelf.Pictures;

/// <summary>A decoded picture: 8-bit RGBA in rows from the top, upright, opaque. Disposing it frees the pixels.</summary>
/// <remarks>
/// The pixels of a new picture are undefined until they are written. They are native memory, because an array pool rounds their size up to a power
/// of two and keeps one array for each thread and size, which after a few large pictures was more memory than the service has.
/// </remarks>
sealed unsafe class Picture(int width, int height) : IDisposable
{
    public const int BytesPerPixel = 4;

    /// <summary>The number of bytes behind the pixels that may be read, so that a vector may begin at the last pixel. They are undefined.</summary>
    const int BytesBehind = 16;

    byte* _pixels = (byte*)NativeMemory.Alloc(checked((nuint)(width * height * BytesPerPixel + BytesBehind)));

    ~Picture() => Free();

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
            return new Span<byte>(_pixels, Width * Height * BytesPerPixel);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        NativeMemory.Free(_pixels);
        _pixels = null;
    }
}
