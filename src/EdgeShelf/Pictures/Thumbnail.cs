using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>Small copies of pictures, for people.</summary>
static class Thumbnail
{
    const int Quality = 78;

    /// <summary>A JPEG of the same proportions, never larger than the picture itself.</summary>
    /// <param name="longerSide">Pixels.</param>
    /// <exception cref="PictureException">The frame is no picture, or a damaged one.</exception>
    public static unsafe byte[] Of(Frame frame, int longerSide)
    {
        using Picture picture = PictureDecoder.Decode(frame);
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
