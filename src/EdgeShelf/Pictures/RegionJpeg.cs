using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>Cuts a region out of a picture and keeps it as JPEG, in its own shape.</summary>
static class RegionJpeg
{
    /// <summary>The maximum longer side, in pixels: twice the side of the network's input.</summary>
    public const int MaxSide = 448;

    const int Quality = 90;

    /// <param name="region">The region in fractions of the upright picture. At least one pixel of it is cut.</param>
    public static unsafe byte[] Of(Picture picture, Region region)
    {
        PixelBox box = PixelBox.Of(region, (picture.Width, picture.Height));
        double scale = Math.Min(1, (double)MaxSide / Math.Max(box.Width, box.Height));
        SKImageInfo full = new(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        fixed (byte* pixels = picture.Pixels)
        {
            using SKPixmap whole = new(full, (nint)pixels);
            using SKPixmap part = whole.ExtractSubset(new SKRectI(box.Left, box.Top, box.Right, box.Bottom)) ?? throw new InvalidOperationException("The region lies outside of the picture.");
            if (scale >= 1)
                return Encode(part);
            using SKBitmap target = new(full.WithSize(Math.Max(1, (int)Math.Round(box.Width * scale)), Math.Max(1, (int)Math.Round(box.Height * scale))));
            using SKPixmap small = target.PeekPixels() ?? throw new InvalidOperationException("A new bitmap has no pixels.");
            part.ScalePixels(small, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            return Encode(small);
        }
    }

    /// <summary>The colours are kept at full resolution, because a slot may be only some 40 pixels wide.</summary>
    static byte[] Encode(SKPixmap pixels)
    {
        using SKData jpeg = pixels.Encode(new SKJpegEncoderOptions(Quality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new InvalidOperationException("The JPEG encoder did not return any data.");
        return jpeg.ToArray();
    }
}
