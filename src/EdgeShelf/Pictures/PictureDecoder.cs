using System.Buffers;
using EdgeShelf.Pictures.Jpeg;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Pictures;

/// <summary>
/// JPEG or PNG bytes to upright, opaque sRGB pixels. Reads the header before it takes memory, and takes only what decoded
/// whole: `SKBitmap.Decode` would do neither.
/// </summary>
static class PictureDecoder
{
    /// <summary>More pixels than any Raspberry Pi camera's common modes; 100 MB decoded.</summary>
    public const int MaxPixels = 25_000_000;

    /// <summary>
    /// Above this shorter side a JPEG is decoded at a reduced scale, straight from its DCT coefficients, several times as
    /// fast. What the network sees then differs a little from a full decode: `GoldenCropTests` says how much.
    /// </summary>
    const int ReducedFrom = 1024;

    /// <summary>
    /// The shorter side that a reduced scale keeps at least: 2.25 times what the network sees. At twice as much the crop of a
    /// photograph differs by 0.53 to 0.63 levels on average, here by at most 0.43, and five eighths cost no more than four.
    /// </summary>
    const int ReducedKeeps = 576;

    /// <summary>Decodes what a camera gave, encoded or raw.</summary>
    /// <exception cref="PictureException">The bytes are no picture, too large, cut short or damaged.</exception>
    public static Picture Decode(Frame frame) =>
        frame.Layout is { } layout ? RawPictureDecoder.Decode(frame.Bytes.Span, layout) : Decode(frame.Bytes);

    /// <summary>Decodes one encoded picture.</summary>
    /// <exception cref="PictureException">The bytes are no picture, of a kind that is not read, too large, cut short or damaged.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> bytes)
    {
        EncodedPicture.Check(bytes.Span);
        bytes = PictureParts.Needed(bytes);
        using MemoryHandle pinned = bytes.Pin();
        using SKData data = Wrap(pinned, bytes.Length);
        using SKCodec codec = SKCodec.Create(data)
            ?? throw new PictureException("corrupt", "The picture's header makes no sense.", "Open it in an image viewer; if that fails too, take it again.");
        SKImageInfo header = codec.Info;
        if (header.Width < 1 || header.Height < 1 || (long)header.Width * header.Height > MaxPixels)
            throw new PictureException("too-large", $"The picture is {header.Width} x {header.Height} pixels; {MaxPixels / 1_000_000} megapixels are allowed.", "Set the camera to a smaller size.");

        SKSizeI size = DecodedSize(codec, header);
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

    static SKSizeI DecodedSize(SKCodec codec, SKImageInfo header)
    {
        int shorter = Math.Min(header.Width, header.Height);
        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg || shorter < ReducedFrom)
            return header.Size;
        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= ReducedKeeps)
                return size;
        }
        return header.Size;
    }

    /// <summary>libjpeg reduces by a number of eighths and rounds up, so the decoded length tells that number.</summary>
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

    /// <summary>A transparent pixel shows the paper behind it, as in a catalogue picture.</summary>
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
