using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>Small copies of decoded pictures, for people.</summary>
static class Thumbnail
{
    /// <summary>Pixels of a small picture's longer side.</summary>
    public const int Side = 360;

    /// <summary>A raw frame is shown as a JPEG of at most this longer side, in pixels.</summary>
    const int RawFrameSide = 1920;

    const int Quality = 78;

    /// <summary>What the page and `…/image` show of a frame.</summary>
    /// <param name="picture">The frame, decoded.</param>
    public static PictureCopies CopiesOf(Frame frame, Picture picture) =>
        new(frame.Layout is null ? frame.Bytes : Of(picture, RawFrameSide), Of(picture, Side));

    /// <summary>A JPEG of the same proportions, never larger than the picture itself.</summary>
    /// <param name="longerSide">Pixels.</param>
    public static unsafe byte[] Of(Picture picture, int longerSide)
    {
        double scale = Math.Min(1, (double)longerSide / Math.Max(picture.Width, picture.Height));
        SKImageInfo full = new(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        SKImageInfo small = full.WithSize(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        fixed (byte* pixels = picture.Pixels)
        {
            using SKPixmap source = new(full, (nint)pixels);
            using SKBitmap target = new(small);
            using SKPixmap targetPixels = target.PeekPixels() ?? throw new InvalidOperationException("A new bitmap has no pixels.");
            source.ScalePixels(targetPixels, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            using SKData jpeg = targetPixels.Encode(SKEncodedImageFormat.Jpeg, Quality) ?? throw new InvalidOperationException("The JPEG encoder gave nothing.");
            return jpeg.ToArray();
        }
    }
}
