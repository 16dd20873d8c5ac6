using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeShelf.Pictures;

/// <summary>
/// Resizes like PIL's antialiased bilinear filter, because the network was trained on pictures resized by it: a triangle filter as
/// wide as the scale, horizontal pass first, 22-bit fixed-point weights, rounding to 8 bits after each pass. Only the requested
/// window is computed, so the cost is bounded by the number of pixels for a picture of any shape.
/// </summary>
static class PilResampler
{
    /// <summary>The bits that remain of 32 for the weights, after 8 for the values and 2 for sums above one.</summary>
    const int PrecisionBits = 32 - 8 - 2;

    /// <summary>One axis of a resize: the part of the result to compute.</summary>
    /// <param name="Resized">The length of the whole resized axis, in pixels.</param>
    /// <param name="Start">The first pixel to compute.</param>
    /// <param name="Count">The number of pixels to compute.</param>
    public readonly record struct Axis(long Resized, long Start, int Count);

    /// <summary>One axis of the part of a picture that is resized.</summary>
    /// <param name="Origin">The position where the part begins, in decoded pixels.</param>
    /// <param name="Extent">The length of the part, in decoded pixels.</param>
    /// <param name="First">The first pixel that the filter may read.</param>
    /// <param name="Count">The number of pixels that the filter may read, at least 1.</param>
    readonly record struct Source(double Origin, double Extent, int First, int Count);

    /// <summary>Resizes a picture and keeps a window of the result.</summary>
    /// <param name="rgb">The destination of rows x columns x 3 bytes.</param>
    public static void Resize(Picture picture, Axis columns, Axis rows, Span<byte> rgb) =>
        Resize(
            picture, new Source(picture.Extent.Left, picture.Extent.Width, 0, picture.Width), new Source(picture.Extent.Top, picture.Extent.Height, 0, picture.Height),
            columns, rows, rgb);

    /// <summary>Resizes a box of a picture to a square, as PIL's `image.crop(box).resize((side, side))`: the filter reads no pixel outside of the box.</summary>
    /// <param name="box">The box in pixels of the full picture.</param>
    /// <param name="rgb">The destination of side x side x 3 bytes.</param>
    public static void ResizeBox(Picture picture, PixelBox box, int side, Span<byte> rgb)
    {
        (double left, double top, double width, double height) = picture.Extent;
        Axis whole = new(side, 0, side);
        Resize(
            picture, Inside(left, width / picture.FullSize.Width, box.Left, box.Width, picture.Width),
            Inside(top, height / picture.FullSize.Height, box.Top, box.Height, picture.Height), whole, whole, rgb);
    }

    /// <summary>Converts one axis of a box to decoded pixels. A pixel that the box covers only in part is left out, because it shows the neighbour too.</summary>
    /// <param name="origin">The position where the picture begins, in decoded pixels.</param>
    /// <param name="scale">The decoded length of one pixel of the full picture.</param>
    /// <param name="decoded">The number of decoded pixels.</param>
    static Source Inside(double origin, double scale, int start, int length, int decoded)
    {
        const double Rounding = 1e-6;
        double from = origin + start * scale, extent = length * scale;
        int first = (int)Math.Ceiling(from - Rounding), end = Math.Min((int)Math.Floor(from + extent + Rounding), decoded);
        if (end <= first)
            (first, end) = (Math.Min((int)from, decoded - 1), Math.Min((int)from, decoded - 1) + 1);
        return new Source(from, extent, first, end - first);
    }

    static void Resize(Picture picture, Source sourceColumns, Source sourceRows, Axis columns, Axis rows, Span<byte> rgb)
    {
        Taps across = Taps.For(sourceColumns, columns);
        Taps down = Taps.For(sourceRows, rows);
        int firstRow = down.First[0];
        int lastRow = down.First[^1] + down.Length[^1];
        int stride = columns.Count * Picture.BytesPerPixel;
        byte[] narrowed = ArrayPool<byte>.Shared.Rent((lastRow - firstRow) * stride);
        try
        {
            ReadOnlySpan<byte> pixels = picture.Pixels;
            int sourceStride = picture.Width * Picture.BytesPerPixel;
            for (int row = firstRow; row < lastRow; row++)
                Across(pixels.Slice(row * sourceStride, sourceStride), across, narrowed.AsSpan((row - firstRow) * stride, stride));
            for (int row = 0; row < rows.Count; row++)
                Down(narrowed.AsSpan((down.First[row] - firstRow) * stride), stride, down.WeightsOf(row), rgb.Slice(row * columns.Count * 3, columns.Count * 3));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrowed);
        }
    }

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Across(ReadOnlySpan<byte> source, Taps taps, Span<byte> target)
    {
        ref byte start = ref MemoryMarshal.GetReference(source);
        for (int column = 0; column < taps.First.Length; column++)
        {
            ReadOnlySpan<int> weights = taps.WeightsOf(column);
            Vector128<int> sum = Vector128.Create(1 << (PrecisionBits - 1));
            ref byte pixel = ref Unsafe.Add(ref start, taps.First[column] * Picture.BytesPerPixel);
            for (int tap = 0; tap < weights.Length; tap++)
                sum += Widen(ref Unsafe.Add(ref pixel, tap * Picture.BytesPerPixel)) * weights[tap];
            Narrow(sum, out uint rgba);
            MemoryMarshal.Write(target[(column * Picture.BytesPerPixel)..], rgba);
        }
    }

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Down(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> rgb)
    {
        ref byte start = ref MemoryMarshal.GetReference(source);
        for (int column = 0; column < rgb.Length / 3; column++)
        {
            Vector128<int> sum = Vector128.Create(1 << (PrecisionBits - 1));
            ref byte pixel = ref Unsafe.Add(ref start, column * Picture.BytesPerPixel);
            for (int tap = 0; tap < weights.Length; tap++)
                sum += Widen(ref Unsafe.Add(ref pixel, tap * stride)) * weights[tap];
            Narrow(sum, out uint rgba);
            rgb[column * 3] = (byte)rgba;
            rgb[column * 3 + 1] = (byte)(rgba >> 8);
            rgb[column * 3 + 2] = (byte)(rgba >> 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Widen(ref byte rgba)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(ref rgba)).AsByte();
        return Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Narrow(Vector128<int> sum, out uint rgba)
    {
        // Weights are never negative and add up to one, so the sum is within 0 to 255, except for rounding.
        Vector128<int> values = Vector128.Min(sum >> PrecisionBits, Vector128.Create(255));
        Vector128<ushort> halves = Vector128.Narrow(values.AsUInt32(), Vector128<uint>.Zero);
        rgba = Vector128.Narrow(halves, Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }

    /// <summary>For each pixel to compute: its first source pixel, the number of source pixels, and their weights.</summary>
    sealed class Taps(int[] first, int[] length, int[] weights, int room)
    {
        public int[] First => first;
        public int[] Length => length;

        public ReadOnlySpan<int> WeightsOf(int pixel) => weights.AsSpan(pixel * room, length[pixel]);

        public static Taps For(Source source, Axis axis)
        {
            double scale = source.Extent / axis.Resized;
            double origin = source.Origin - source.First;
            // The filter is as wide as the scale when the picture is reduced, and one pixel wide when it is enlarged.
            double support = Math.Max(scale, 1);
            int room = (int)Math.Ceiling(support) * 2 + 1;
            int[] first = new int[axis.Count];
            int[] length = new int[axis.Count];
            int[] weights = new int[axis.Count * room];
            Span<double> real = room <= 256 ? stackalloc double[room] : new double[room];
            for (int pixel = 0; pixel < axis.Count; pixel++)
            {
                // A reduced decode may have cut a pixel that the part covers by half. The nearest pixel inside then stands for it.
                double center = Math.Clamp(origin + (axis.Start + pixel + 0.5) * scale, 0, source.Count);
                int from = Math.Max((int)(center - support + 0.5), 0);
                int count = Math.Min((int)(center + support + 0.5), source.Count) - from;
                double total = 0;
                for (int tap = 0; tap < count; tap++)
                {
                    double distance = Math.Abs((tap + from - center + 0.5) / support);
                    real[tap] = distance < 1 ? 1 - distance : 0;
                    total += real[tap];
                }
                first[pixel] = source.First + from;
                length[pixel] = count;
                for (int tap = 0; tap < count; tap++)
                    weights[pixel * room + tap] = (int)(0.5 + real[tap] / total * (1 << PrecisionBits));
            }
            return new Taps(first, length, weights, room);
        }
    }
}
