using System.Buffers;
using EdgeShelf.Pictures.Jpeg;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>
/// Decodes JPEG or PNG bytes to upright, opaque sRGB pixels. It reads the header before it allocates memory, and it accepts only
/// pictures that were decoded completely. `SKBitmap.Decode` does neither.
/// </summary>
static class PictureDecoder
{
    /// <summary>The maximum number of pixels: more than the common modes of any Raspberry Pi camera have, and 100 MB when decoded.</summary>
    public const int MaxPixels = 25_000_000;

    /// <summary>
    /// A JPEG whose shorter side is longer than this is decoded at a reduced scale, directly from its DCT coefficients, which is several
    /// times as fast. The network's input then differs a little from a full decode; `GoldenCropTests` limits the difference.
    /// </summary>
    const int ReducedFrom = 1024;

    /// <summary>
    /// The minimum shorter side after a reduced decode: 2.25 times the side of the network's input. With a factor of 2 the crop of a
    /// photograph differs by 0.53 to 0.63 levels on average, with 2.25 by at most 0.43, and a scale of 5/8 takes no longer than 4/8.
    /// </summary>
    const int ReducedKeeps = 576;

    /// <summary>Decodes a frame of a camera, encoded or raw, for the crop of the whole picture.</summary>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is too large, truncated or damaged.</exception>
    public static Picture Decode(Frame frame) => Decode(frame, [], 0);

    /// <summary>Decodes a frame of a camera, encoded or raw, with the detail that crops of these regions need.</summary>
    /// <remarks>
    /// A large JPEG is reduced by eighths as long as each region keeps <paramref name="side"/> pixels in both directions. On a photograph of
    /// a shelf (2063 x 1538) the crops then differ from those of a full decode by 2.6 levels on average where the region keeps just
    /// 1.0 times the side, and by 1.6 levels where it keeps 1.3 times the side. Regions smaller than the side are always decoded at full size.
    /// </remarks>
    /// <param name="regions">The regions of the upright picture that will be cropped. The whole picture can always be cropped.</param>
    /// <param name="side">The side of a crop, in pixels.</param>
    /// <exception cref="PictureException">
    /// The bytes are not a picture, or the picture is truncated or damaged, or too large: small regions need a JPEG at its full size.
    /// </exception>
    public static Picture Decode(Frame frame, IReadOnlyCollection<Region> regions, int side) =>
        frame.Layout is { } layout ? RawPictureDecoder.Decode(frame.Bytes.Span, layout) : Decode(frame.Bytes, regions, side);

    /// <summary>Decodes one encoded picture for the crop of the whole picture.</summary>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is of an unsupported kind, too large, truncated or damaged.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> bytes) => Decode(bytes, [], 0);

    /// <summary>Decodes one encoded picture with the detail that crops of these regions need.</summary>
    /// <param name="regions">The regions of the upright picture that will be cropped. The whole picture can always be cropped.</param>
    /// <param name="side">The side of a crop, in pixels.</param>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is of an unsupported kind, too large, truncated or damaged.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> bytes, IReadOnlyCollection<Region> regions, int side)
    {
        EncodedPicture.Check(bytes.Span);
        bytes = PictureParts.Needed(bytes);
        using MemoryHandle pinned = bytes.Pin();
        using SKData data = Wrap(pinned, bytes.Length);
        using SKCodec codec = SKCodec.Create(data)
            ?? throw new PictureException("corrupt", "The picture's header is not valid.", "Open it in an image viewer; if that fails too, take it again.");
        SKImageInfo header = codec.Info;
        if (header.Width < 1 || header.Height < 1 || (long)header.Width * header.Height > MaxPixels)
            throw new PictureException("too-large", $"The picture is {header.Width} x {header.Height} pixels; {MaxPixels / 1_000_000} megapixels are allowed.", "Set the camera to a smaller size.");

        SKSizeI size = DecodedSize(codec, header, regions, side);
        long memory = DecodeMemory.Of(bytes.Span, (header.Width, header.Height), (size.Width, size.Height), codec.EncodedOrigin is not (SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default));
        if (memory > DecodeMemory.MaxBytes)
            throw new PictureException(
                "too-large", $"Decoding this picture of {header.Width} x {header.Height} pixels takes {memory / 1_000_000} MB of memory; {DecodeMemory.MaxBytes / 1_000_000} MB are allowed.",
                "Save it smaller, or as a baseline JPEG.");
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
            JpegCheck.Check(bytes.Span);
        SKImageInfo wanted = new(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, SrgbSpace);
        Picture picture = new(size.Width, size.Height)
        {
            FullSize = (header.Width, header.Height),
            Extent = (0, 0, ExtentOf(header.Width, size.Width), ExtentOf(header.Height, size.Height)),
        };
        try
        {
            DecodeInto(codec, wanted, picture);
            if (header.AlphaType != SKAlphaType.Opaque)
                FlattenOnWhite(picture.Pixels);
            Picture upright = PictureOrientation.Upright(picture, codec.EncodedOrigin);
            if (upright != picture)
                picture.Dispose();
            return upright;
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    static readonly SKColorSpace SrgbSpace = SKColorSpace.CreateSrgb();

    static unsafe SKData Wrap(MemoryHandle pinned, int length) => SKData.Create((nint)pinned.Pointer, length);

    static SKSizeI DecodedSize(SKCodec codec, SKImageInfo header, IReadOnlyCollection<Region> regions, int side)
    {
        int shorter = Math.Min(header.Width, header.Height);
        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg || shorter < ReducedFrom)
            return header.Size;
        (int Width, int Height) upright = PictureOrientation.IsSideways(codec.EncodedOrigin) ? (header.Height, header.Width) : (header.Width, header.Height);
        int smallest = regions.Select(region => PixelBox.Of(region, upright)).Select(box => Math.Min(box.Width, box.Height)).DefaultIfEmpty(int.MaxValue).Min();
        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= ReducedKeeps && (long)smallest * eighths >= 8L * side)
                return size;
        }
        return header.Size;
    }

    /// <summary>libjpeg scales by a number of eighths and rounds up, so this number follows from the decoded length.</summary>
    static double ExtentOf(int full, int decoded)
    {
        int eighths = decoded * 8 / full;
        return decoded == full ? full : full * eighths / 8.0;
    }

    static unsafe void DecodeInto(SKCodec codec, SKImageInfo wanted, Picture picture)
    {
        SKCodecResult result;
        fixed (byte* pixels = picture.Pixels)
            result = codec.GetPixels(wanted, (nint)pixels);
        switch (result)
        {
            case SKCodecResult.Success:
                return;
            case SKCodecResult.IncompleteInput:
                throw new PictureException("truncated", "The picture's data ends before its last row.", "Send the whole file; a transfer was probably cut short.");
            case SKCodecResult.InvalidConversion or SKCodecResult.Unimplemented:
                throw new PictureException("unsupported", $"This kind of {codec.EncodedFormat} cannot be turned into RGB ({result}).", "Save it as a baseline RGB JPEG or an 8-bit PNG.");
            default:
                throw new PictureException("corrupt", $"The picture's data is damaged ({result}).", "Take or send it again.");
        }
    }

    /// <summary>Draws transparent pixels on white, because pictures from catalogues are shown on white paper.</summary>
    static void FlattenOnWhite(Span<byte> rgba)
    {
        for (int at = 0; at < rgba.Length; at += Picture.BytesPerPixel)
        {
            int alpha = rgba[at + 3];
            if (alpha == 255)
                continue;
            for (int channel = 0; channel < 3; channel++)
                rgba[at + channel] = (byte)((rgba[at + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
            rgba[at + 3] = 255;
        }
    }
}
