using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeShelf.Pictures;

/// <summary>
/// Resizes like PIL's antialiased bilinear filter, because the network was trained on pictures resized by it: a triangle filter as
/// wide as the scale, horizontal pass first, 22-bit fixed-point weights, rounding to 8 bits after each pass. Only the requested
/// window is computed, so the cost is bounded by the number of pixels for a picture of any shape.
/// </summary>
static class PilResampler
{
    /// <summary>The number of source rows that are narrowed together, so that the weights of a column are read once for all of them.</summary>
    const int Rows = 4;

    /// <summary>The results for the last two axes. A camera's pictures have one size, so that they are nearly always the same.</summary>
    static Known? _across, _down;

    const int RgbBytes = 3;

    /// <summary>The number of RGBA pixels in a vector.</summary>
    const int PixelsOfVector = 4;

    /// <summary>One half before the weights' bits are shifted out, for rounding.</summary>
    const int Half = 1 << (ResamplerTaps.PrecisionBits - 1);

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
    public readonly record struct Source(double Origin, double Extent, int First, int Count);

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

    /// <summary>
    /// Narrows the source rows into a ring of as many rows as the filter is high, and computes each row of the result as soon as its rows
    /// are in the ring. The ring stays in the processor's cache.
    /// </summary>
    static void Resize(Picture picture, Source sourceColumns, Source sourceRows, Axis columns, Axis rows, Span<byte> rgb)
    {
        ResamplerTaps across = Known.Find(ref _across, sourceColumns, columns);
        ResamplerTaps down = Known.Find(ref _down, sourceRows, rows);
        rgb = rgb[..(rows.Count * columns.Count * RgbBytes)];
        int stride = RoundUp(columns.Count, 2 * PixelsOfVector) * Picture.BytesPerPixel;
        int capacity = RoundUp(down.Longest + Rows - 1, Rows);
        byte[] ring = ArrayPool<byte>.Shared.Rent(checked(capacity * stride));
        nint[] offsets = ArrayPool<nint>.Shared.Rent(down.Longest);
        try
        {
            ref byte source = ref MemoryMarshal.GetReference(picture.Pixels);
            ref byte narrowed = ref MemoryMarshal.GetArrayDataReference(ring);
            int sourceStride = picture.Width * Picture.BytesPerPixel;
            int start = down.First[0], ready = start;
            for (int row = 0; row < rows.Count; row++)
            {
                int first = down.First[row], length = down.Length[row];
                for (; ready < first + length; ready += Rows)
                {
                    // Behind the last row the last one is repeated. Nothing reads the repetitions.
                    nint second = Math.Min(ready + 1, down.End - 1), third = Math.Min(ready + 2, down.End - 1), fourth = Math.Min(ready + 3, down.End - 1);
                    Across(
                        ref Unsafe.Add(ref source, (nint)ready * sourceStride), ref Unsafe.Add(ref source, second * sourceStride),
                        ref Unsafe.Add(ref source, third * sourceStride), ref Unsafe.Add(ref source, fourth * sourceStride), across,
                        ref Unsafe.Add(ref narrowed, (ready - start) % capacity * stride), stride);
                }
                for (int tap = 0; tap < length; tap++)
                    offsets[tap] = (first + tap - start) % capacity * stride;
                Down(ref narrowed, offsets.AsSpan(0, length), down.Weights[(row * down.Room)..], rgb[(row * columns.Count * RgbBytes)..], columns.Count);
            }
        }
        finally
        {
            ArrayPool<nint>.Shared.Return(offsets);
            ArrayPool<byte>.Shared.Return(ring);
        }
    }

    /// <summary>Narrows four source rows. The picture's memory has room for a vector behind its last pixel.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Across(ref byte source0, ref byte source1, ref byte source2, ref byte source3, ResamplerTaps taps, ref byte target, nint stride)
    {
        ref int weight = ref MemoryMarshal.GetReference(taps.Weights);
        ref int first = ref MemoryMarshal.GetReference(taps.First), length = ref MemoryMarshal.GetReference(taps.Length);
        nint columns = taps.First.Length;
        nint room = taps.Room, stride2 = stride * 2, stride3 = stride * 3;
        for (nint column = 0; column < columns; column++)
        {
            nint at = (nint)Unsafe.Add(ref first, column) * Picture.BytesPerPixel;
            Vector128<int> sum0 = Vector128.Create(Half), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            nint count = Unsafe.Add(ref length, column);
            for (nint tap = 0; tap < count; tap += ResamplerTaps.Group, at += Vector128<byte>.Count)
            {
                Vector128<int> weights = Vector128.LoadUnsafe(ref weight, (nuint)tap);
                sum0 = FourTaps(sum0, Vector128.LoadUnsafe(ref Unsafe.Add(ref source0, at)), weights);
                sum1 = FourTaps(sum1, Vector128.LoadUnsafe(ref Unsafe.Add(ref source1, at)), weights);
                sum2 = FourTaps(sum2, Vector128.LoadUnsafe(ref Unsafe.Add(ref source2, at)), weights);
                sum3 = FourTaps(sum3, Vector128.LoadUnsafe(ref Unsafe.Add(ref source3, at)), weights);
            }
            weight = ref Unsafe.Add(ref weight, room);
            Vector128<uint> narrow = ToLevels(sum0, sum1, sum2, sum3).AsUInt32();
            ref byte pixel = ref Unsafe.Add(ref target, column * Picture.BytesPerPixel);
            Unsafe.WriteUnaligned(ref pixel, narrow.ToScalar());
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixel, stride), narrow.GetElement(1));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixel, stride2), narrow.GetElement(2));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixel, stride3), narrow.GetElement(3));
        }
    }

    /// <summary>Computes one row of the result from rows of the ring.</summary>
    /// <param name="offsets">Where the rows begin, one for each weight.</param>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Down(ref byte ring, ReadOnlySpan<nint> offsets, ReadOnlySpan<int> weights, Span<byte> rgb, int columns)
    {
        ref nint offset = ref MemoryMarshal.GetReference(offsets);
        ref int weight = ref MemoryMarshal.GetReference(weights);
        nint taps = offsets.Length;
        for (int column = 0; column < columns; column += 2 * PixelsOfVector)
        {
            ref byte source = ref Unsafe.Add(ref ring, column * Picture.BytesPerPixel);
            Vector128<int> sum0 = Vector128.Create(Half), sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0, sum7 = sum0;
            for (nint tap = 0; tap < taps; tap++)
            {
                ref byte pixels = ref Unsafe.Add(ref source, Unsafe.Add(ref offset, tap));
                Vector128<int> factor = Vector128.Create(Unsafe.Add(ref weight, tap));
                (sum0, sum1, sum2, sum3) = FourPixels(sum0, sum1, sum2, sum3, Vector128.LoadUnsafe(ref pixels), factor);
                (sum4, sum5, sum6, sum7) = FourPixels(sum4, sum5, sum6, sum7, Vector128.LoadUnsafe(ref pixels, (nuint)Vector128<byte>.Count), factor);
            }
            Write(ToLevels(sum0, sum1, sum2, sum3), rgb, column, columns);
            if (column + PixelsOfVector < columns)
                Write(ToLevels(sum4, sum5, sum6, sum7), rgb, column + PixelsOfVector, columns);
        }
    }

    /// <summary>Writes up to four pixels of a row without their alpha.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Write(Vector128<byte> rgba, Span<byte> rgb, int column, int columns)
    {
        Vector128<byte> pixels = Vector128.Shuffle(rgba, Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16));
        // Four bytes of a whole vector lie behind the four pixels. They belong to pixels that are written later.
        if (column * RgbBytes + Vector128<byte>.Count <= rgb.Length)
            pixels.StoreUnsafe(ref MemoryMarshal.GetReference(rgb), (nuint)(column * RgbBytes));
        else
            WriteLast(pixels, rgb[(column * RgbBytes)..], Math.Min(PixelsOfVector, columns - column) * RgbBytes);
    }

    static void WriteLast(Vector128<byte> pixels, Span<byte> rgb, int count)
    {
        for (int at = 0; at < count; at++)
            rgb[at] = pixels.GetElement(at);
    }

    /// <summary>Adds four pixels of four bytes, each multiplied by one weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<int>, Vector128<int>, Vector128<int>, Vector128<int>) FourPixels(
        Vector128<int> sum0, Vector128<int> sum1, Vector128<int> sum2, Vector128<int> sum3, Vector128<byte> pixels, Vector128<int> weight)
    {
        Vector128<ushort> upper = Vector128.WidenUpper(pixels), lower = Vector128.WidenLower(pixels);
        sum3 = MultiplyAdd(sum3, Vector128.WidenUpper(upper).AsInt32(), weight);
        sum2 = MultiplyAdd(sum2, Vector128.WidenLower(upper).AsInt32(), weight);
        sum1 = MultiplyAdd(sum1, Vector128.WidenUpper(lower).AsInt32(), weight);
        sum0 = MultiplyAdd(sum0, Vector128.WidenLower(lower).AsInt32(), weight);
        return (sum0, sum1, sum2, sum3);
    }

    /// <summary>Adds four pixels of four bytes, each multiplied by its weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> FourTaps(Vector128<int> sum, Vector128<byte> pixels, Vector128<int> weights)
    {
        // From the last to the first: each lower half then is its vector's last use, which saves the compiler a copy.
        Vector128<ushort> upper = Vector128.WidenUpper(pixels), lower = Vector128.WidenLower(pixels);
        Vector128<int> fourth = Vector128.WidenUpper(upper).AsInt32(), third = Vector128.WidenLower(upper).AsInt32();
        Vector128<int> second = Vector128.WidenUpper(lower).AsInt32(), first = Vector128.WidenLower(lower).AsInt32();
        if (AdvSimd.IsSupported)
        {
            sum = AdvSimd.MultiplyAddBySelectedScalar(sum, fourth, weights, 3);
            sum = AdvSimd.MultiplyAddBySelectedScalar(sum, third, weights, 2);
            sum = AdvSimd.MultiplyAddBySelectedScalar(sum, second, weights, 1);
            return AdvSimd.MultiplyAddBySelectedScalar(sum, first, weights, 0);
        }
        return sum + first * Vector128.Shuffle(weights, Vector128.Create(0)) + second * Vector128.Shuffle(weights, Vector128.Create(1))
            + third * Vector128.Shuffle(weights, Vector128.Create(2)) + fourth * Vector128.Shuffle(weights, Vector128.Create(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> MultiplyAdd(Vector128<int> sum, Vector128<int> left, Vector128<int> right) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyAdd(sum, left, right) : sum + left * right;

    /// <summary>Shifts the weights' bits out and limits the values to 255. Weights are never negative, so that the sums are not either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> ToLevels(Vector128<int> sum0, Vector128<int> sum1, Vector128<int> sum2, Vector128<int> sum3)
    {
        if (AdvSimd.IsSupported)
        {
            // The instruction shifts by up to 16 bits, so that the shift takes two.
            const byte Wide = 16, Narrow = ResamplerTaps.PrecisionBits - Wide;
            Vector128<ushort> first = AdvSimd.ShiftRightLogicalNarrowingUpper(AdvSimd.ShiftRightLogicalNarrowingLower(sum0.AsUInt32(), Wide), sum1.AsUInt32(), Wide);
            Vector128<ushort> second = AdvSimd.ShiftRightLogicalNarrowingUpper(AdvSimd.ShiftRightLogicalNarrowingLower(sum2.AsUInt32(), Wide), sum3.AsUInt32(), Wide);
            return AdvSimd.ShiftRightLogicalNarrowingSaturateUpper(AdvSimd.ShiftRightLogicalNarrowingSaturateLower(first, Narrow), second, Narrow);
        }
        Vector128<uint> most = Vector128.Create(255u);
        return Vector128.Narrow(
            Vector128.Narrow(Vector128.Min(sum0.AsUInt32() >> ResamplerTaps.PrecisionBits, most), Vector128.Min(sum1.AsUInt32() >> ResamplerTaps.PrecisionBits, most)),
            Vector128.Narrow(Vector128.Min(sum2.AsUInt32() >> ResamplerTaps.PrecisionBits, most), Vector128.Min(sum3.AsUInt32() >> ResamplerTaps.PrecisionBits, most)));
    }

    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>The taps of one axis, kept for the next picture.</summary>
    sealed record Known(Source Source, Axis Axis, ResamplerTaps Taps)
    {
        public static ResamplerTaps Find(ref Known? last, Source source, Axis axis)
        {
            if (last is { } known && known.Source == source && known.Axis == axis)
                return known.Taps;
            ResamplerTaps taps = ResamplerTaps.For(source, axis);
            last = new Known(source, axis, taps);
            return taps;
        }
    }
}
