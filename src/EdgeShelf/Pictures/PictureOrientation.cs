using System.Runtime.InteropServices;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>Rotates or mirrors a picture to be upright, by its EXIF orientation (tag 0x0112, values 1 to 8).</summary>
static class PictureOrientation
{
    /// <summary>Whether the width of the stored picture is the height of the upright one.</summary>
    public static bool IsSideways(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Returns the same picture if it is already upright, otherwise a new one. The caller disposes both.</summary>
    public static Picture Upright(Picture picture, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
            return picture;
        int width = picture.Width, height = picture.Height;
        bool sideways = IsSideways(origin);
        (int fullWidth, int fullHeight) = picture.FullSize;
        Picture upright = sideways
            ? new Picture(height, width) { FullSize = (fullHeight, fullWidth), Extent = ExtentOf(picture, origin, sideways) }
            : new Picture(width, height) { FullSize = picture.FullSize, Extent = ExtentOf(picture, origin, sideways) };
        Span<uint> from = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        Span<uint> to = MemoryMarshal.Cast<byte, uint>(upright.Pixels);
        // The name of the origin tells where the first stored row and column belong in the upright picture.
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int column, int row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (height - 1 - y, x),
                    SKEncodedOrigin.RightBottom => (height - 1 - y, width - 1 - x),
                    _ => (y, width - 1 - x),
                };
                to[row * upright.Width + column] = from[y * width + x];
            }
        }
        return upright;
    }

    static (double Left, double Top, double Width, double Height) ExtentOf(Picture stored, SKEncodedOrigin origin, bool sideways)
    {
        (double left, double top, double width, double height) = stored.Extent;
        // Whether the first stored column, or row, becomes the last one.
        if (origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom)
            left = stored.Width - left - width;
        if (origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom)
            top = stored.Height - top - height;
        return sideways ? (top, left, height, width) : (left, top, width, height);
    }
}
