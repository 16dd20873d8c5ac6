using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>The number of pixels that are converted together.</summary>
    const int Together = 8;

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

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FromYuyv(ReadOnlySpan<byte> yuyv, Span<byte> rgba, in Matrix matrix)
    {
        int pixels = rgba.Length / Picture.BytesPerPixel, x = 0;
        ref byte source = ref MemoryMarshal.GetReference(yuyv);
        for (; x <= pixels - Together && x * 2 + Vector128<byte>.Count <= yuyv.Length; x += Together)
        {
            Vector128<ushort> pairs = Vector128.LoadUnsafe(ref source, (nuint)(x * 2)).AsUInt16();
            matrix.Convert(pairs & Vector128.Create((ushort)0xFF), pairs >> 8, ref rgba[x * Picture.BytesPerPixel]);
        }
        for (; x < pixels; x++)
        {
            ReadOnlySpan<byte> pair = yuyv.Slice(x / 2 * 4, 4);
            matrix.Convert(pair[x % 2 * 2], pair[1], pair[3], rgba.Slice(x * Picture.BytesPerPixel, Picture.BytesPerPixel));
        }
    }

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FromNv12(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> chroma, Span<byte> rgba, in Matrix matrix)
    {
        int pixels = rgba.Length / Picture.BytesPerPixel, x = 0;
        for (; x <= pixels - Together; x += Together)
            matrix.Convert(EightBytes(luma[x..]), EightBytes(chroma[x..]), ref rgba[x * Picture.BytesPerPixel]);
        for (; x < pixels; x++)
            matrix.Convert(luma[x], chroma[x / 2 * 2], chroma[x / 2 * 2 + 1], rgba.Slice(x * Picture.BytesPerPixel, Picture.BytesPerPixel));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ushort> EightBytes(ReadOnlySpan<byte> bytes) => Vector128.WidenLower(Vector128.CreateScalar(MemoryMarshal.Read<ulong>(bytes)).AsByte());

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

        /// <summary>Converts eight pixels.</summary>
        /// <param name="chroma">Cb and Cr in turn. Two pixels share each.</param>
        /// <param name="rgba">The first of 32 bytes to write.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Convert(Vector128<ushort> y, Vector128<ushort> chroma, ref byte rgba)
        {
            Vector128<int> cb = (chroma.AsInt32() & Vector128.Create(0xFFFF)) - Vector128.Create(128), cr = (chroma.AsInt32() >> 16) - Vector128.Create(128);
            Vector128<int> red = cr * RedFromCr, green = cb * GreenFromCb + cr * GreenFromCr, blue = cb * BlueFromCb;
            Vector128<int> first = Vector128.Create(0, 0, 1, 1), second = Vector128.Create(2, 2, 3, 3);
            Vector128<int> lower = (Vector128.WidenLower(y).AsInt32() - Vector128.Create(Black)) * Luma + Vector128.Create(Half);
            Vector128<int> upper = (Vector128.WidenUpper(y).AsInt32() - Vector128.Create(Black)) * Luma + Vector128.Create(Half);
            Pixels(lower + Vector128.Shuffle(red, first), lower - Vector128.Shuffle(green, first), lower + Vector128.Shuffle(blue, first)).StoreUnsafe(ref rgba);
            Pixels(upper + Vector128.Shuffle(red, second), upper - Vector128.Shuffle(green, second), upper + Vector128.Shuffle(blue, second))
                .StoreUnsafe(ref rgba, (nuint)Vector128<byte>.Count);
        }

        static Vector128<byte> Pixels(Vector128<int> red, Vector128<int> green, Vector128<int> blue) =>
            (Levels(red) | (Levels(green) << 8) | (Levels(blue) << 16) | Vector128.Create(255 << 24)).AsByte();

        static Vector128<int> Levels(Vector128<int> values) => Vector128.Min(Vector128.Max(values >> Bits, Vector128<int>.Zero), Vector128.Create(255));

        static byte Level(int value) => (byte)Math.Clamp(value >> Bits, 0, 255);

        static int Fixed(double value) => (int)Math.Round(value * (1 << Bits));
    }
}
