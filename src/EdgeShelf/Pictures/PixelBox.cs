using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures;

/// <summary>A rectangle of whole pixels. Right and bottom are the first column and row outside of it, as in PIL's `crop`.</summary>
readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;
    public int Height => Bottom - Top;

    /// <summary>
    /// Rounds the four edges of a region to whole pixels, half to even, as Python's `round` does. The box lies inside of the picture and
    /// is at least one pixel wide and high, so that neighbouring regions share their edge and the smallest region can still be cropped.
    /// </summary>
    /// <param name="size">The full size of the upright picture, in pixels.</param>
    public static PixelBox Of(Region region, (int Width, int Height) size)
    {
        (int left, int right) = Edges(region.X, region.Right, size.Width);
        (int top, int bottom) = Edges(region.Y, region.Bottom, size.Height);
        return new PixelBox(left, top, right, bottom);
    }

    static (int From, int To) Edges(double from, double to, int length)
    {
        int first = (int)Math.Clamp(Math.Round(from * length, MidpointRounding.ToEven), 0, length - 1);
        int end = (int)Math.Clamp(Math.Round(to * length, MidpointRounding.ToEven), 0, length);
        return (first, Math.Max(end, first + 1));
    }
}
