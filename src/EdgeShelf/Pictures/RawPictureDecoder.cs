using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures;

/// <summary>
/// Converts a camera's raw YCbCr to RGB by ITU-R BT.601 or BT.709. Colour has half the resolution of brightness, and each colour
/// sample is repeated.
/// </summary>
static class RawPictureDecoder
{
    const int Bits = 16;
    const int Half = 1 << (Bits - 1);

    /// <exception cref="PictureException">`too-large`, or `truncated` when there are fewer bytes than the layout needs.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, RawLayout layout)
    {
        if (layout.Width < 1 || layout.Height < 1 || (long)layout.Width * layout.Height > PictureDecoder.MaxPixels)
            throw new PictureException("too-large", $"The picture is {layout.Width} x {layout.Height} pixels; {PictureDecoder.MaxPixels / 1_000_000} megapixels are allowed.", "Set the camera to a smaller size.");
        if (bytes.Length < layout.Length)
            throw new PictureException("truncated", $"The camera's frame has {bytes.Length} bytes; {layout.Width} x {layout.Height} {layout.Pixels} needs {layout.Length}.", "Check the camera and its cable.");
        Picture picture = new(layout.Width, layout.Height);
        Matrix matrix = Matrix.Of(layout);
        for (int y = 0; y < layout.Height; y++)
        {
            Span<byte> row = picture.Pixels.Slice(y * layout.Width * Picture.BytesPerPixel, layout.Width * Picture.BytesPerPixel);
            ReadOnlySpan<byte> luma = bytes.Slice(y * layout.Stride, layout.Stride);
            if (layout.Pixels == RawPixels.Yuyv)
                FromYuyv(luma, row, matrix);
            else
                FromNv12(luma, bytes.Slice((layout.Height + y / 2) * layout.Stride, layout.Stride), row, matrix);
        }
        return picture;
    }

    static void FromYuyv(ReadOnlySpan<byte> yuyv, Span<byte> rgba, in Matrix matrix)
    {
        for (int x = 0; x * Picture.BytesPerPixel < rgba.Length; x++)
        {
            ReadOnlySpan<byte> pair = yuyv.Slice(x / 2 * 4, 4);
            matrix.Convert(pair[x % 2 * 2], pair[1], pair[3], rgba.Slice(x * Picture.BytesPerPixel, Picture.BytesPerPixel));
        }
    }

    static void FromNv12(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> chroma, Span<byte> rgba, in Matrix matrix)
    {
        for (int x = 0; x * Picture.BytesPerPixel < rgba.Length; x++)
            matrix.Convert(luma[x], chroma[x / 2 * 2], chroma[x / 2 * 2 + 1], rgba.Slice(x * Picture.BytesPerPixel, Picture.BytesPerPixel));
    }

    /// <summary>The coefficients of the conversion, in units of 2^-16. Kr and Kb are the luma weights of red and blue in the matrix.</summary>
    readonly record struct Matrix(int Black, int Luma, int RedFromCr, int GreenFromCb, int GreenFromCr, int BlueFromCb)
    {
        public static Matrix Of(RawLayout layout)
        {
            (double kr, double kb) = layout.Bt709 ? (0.2126, 0.0722) : (0.299, 0.114);
            double kg = 1 - kr - kb;
            (int black, double luma, double chroma) = layout.FullRange ? (0, 1, 1) : (16, 255.0 / 219, 255.0 / 224);
            return new Matrix(
                black, Fixed(luma), Fixed(chroma * 2 * (1 - kr)), Fixed(chroma * 2 * kb * (1 - kb) / kg), Fixed(chroma * 2 * kr * (1 - kr) / kg),
                Fixed(chroma * 2 * (1 - kb)));
        }

        public void Convert(int y, int cb, int cr, Span<byte> rgba)
        {
            int luma = (y - Black) * Luma + Half;
            (cb, cr) = (cb - 128, cr - 128);
            rgba[0] = Level(luma + RedFromCr * cr);
            rgba[1] = Level(luma - GreenFromCb * cb - GreenFromCr * cr);
            rgba[2] = Level(luma + BlueFromCb * cb);
            rgba[3] = 255;
        }

        static byte Level(int value) => (byte)Math.Clamp(value >> Bits, 0, 255);

        static int Fixed(double value) => (int)Math.Round(value * (1 << Bits));
    }
}
