using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>Makes small copies of decoded pictures for display.</summary>
static class Thumbnail
{
    /// <summary>The maximum longer side of a thumbnail, in pixels. It has at least half of it, unless the picture is smaller.</summary>
    public const int Side = 360;

    /// <summary>The maximum longer side of the JPEG that is shown for a raw frame, in pixels.</summary>
    const int RawFrameSide = 1920;

    const int Quality = 78;

    /// <summary>Makes the copies of a frame that the page and `…/image` show. The full copy of raw pixels is made when somebody asks for it.</summary>
    /// <param name="picture">The decoded frame.</param>
    public static PictureCopies CopiesOf(Frame frame, Picture picture) => new(new Lazy<ReadOnlyMemory<byte>>(() => WholeOf(frame)), Of(picture));

    /// <summary>The copies of a frame that nobody looks at: only what costs nothing.</summary>
    public static PictureCopies WholeOnly(Frame frame) => new(new Lazy<ReadOnlyMemory<byte>>(() => WholeOf(frame)), null);

    /// <summary>Returns the encoded picture of a frame: the camera's own bytes, or a JPEG of raw pixels.</summary>
    public static ReadOnlyMemory<byte> WholeOf(Frame frame)
    {
        if (frame.Layout is null)
            return frame.Bytes;
        using Picture picture = PictureDecoder.Decode(frame);
        return Of(picture, RawFrameSide);
    }

    /// <summary>Makes a thumbnail: a JPEG of a whole fraction of the picture's size, which takes a third of the work of any other size.</summary>
    public static byte[] Of(Picture picture)
    {
        int longer = Math.Max(picture.Width, picture.Height), factor = (longer + Side - 1) / Side;
        if (longer < 2 * Side || factor > BoxAverage.MaxFactor || Math.Min(picture.Width, picture.Height) < factor)
            return Of(picture, Side);
        using Picture small = new(picture.Width / factor, picture.Height / factor);
        BoxAverage.Of(picture, factor, small.Pixels);
        return Of(small, Side);
    }

    /// <summary>Makes a JPEG with the same aspect ratio that is never larger than the picture itself.</summary>
    /// <param name="longerSide">The maximum longer side, in pixels.</param>
    public static unsafe byte[] Of(Picture picture, int longerSide)
    {
        double scale = Math.Min(1, (double)longerSide / Math.Max(picture.Width, picture.Height));
        SKImageInfo full = new(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        fixed (byte* pixels = picture.Pixels)
        {
            using SKPixmap source = new(full, (nint)pixels);
            if (scale == 1)
                return Encode(source);
            using SKBitmap target = new(full.WithSize(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale))));
            using SKPixmap small = target.PeekPixels() ?? throw new InvalidOperationException("A new bitmap has no pixels.");
            // The nearest of the halved pictures: a mixture of two takes eight times as long, and the difference is not visible.
            source.ScalePixels(small, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Nearest));
            return Encode(small);
        }
    }

    static byte[] Encode(SKPixmap pixels)
    {
        using SKData jpeg = pixels.Encode(SKEncodedImageFormat.Jpeg, Quality) ?? throw new InvalidOperationException("The JPEG encoder did not return any data.");
        return jpeg.ToArray();
    }
}
