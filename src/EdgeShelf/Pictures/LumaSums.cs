using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeShelf.Pictures;

/// <summary>Sums over the luma of a crop, as whole numbers.</summary>
/// <param name="Sum">The sum of the luma.</param>
/// <param name="Squares">The sum of the squares of the luma.</param>
/// <param name="Bright">The number of bright pixels.</param>
readonly record struct LumaSums(long Sum, long Squares, long Bright)
{
    // The luma weights of BT.601, in units of 1/256.
    const ushort Red = 77, Green = 150, Blue = 29;
    const int Channels = 3;

    /// <summary>Vectors whose sums fit into 32 bits: each adds up to 4 x 255 x 255 to an element.</summary>
    const int VectorsAtATime = 4096;

    /// <summary>Computes the luma of a crop, and its sums.</summary>
    /// <param name="rgb">Three bytes for each byte of <paramref name="luma"/>, interleaved.</param>
    /// <param name="luma">Receives the luma.</param>
    /// <param name="bright">The least luma of a bright pixel.</param>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe LumaSums Of(ReadOnlySpan<byte> rgb, Span<byte> luma, int bright)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, luma.Length * Channels);
        long total = 0, squares = 0, white = 0;
        int at = 0;
        fixed (byte* from = rgb, to = luma)
        {
            while (at <= luma.Length - Vector128<byte>.Count)
            {
                int end = Math.Min(luma.Length - Vector128<byte>.Count, at + (VectorsAtATime - 1) * Vector128<byte>.Count);
                Vector128<uint> sums = default, squared = default;
                Vector128<ushort> whites = default;
                for (; at <= end; at += Vector128<byte>.Count)
                {
                    (Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue) = RgbBytes.Apart(from + at * Channels);
                    Vector128<ushort> lower = LumaOf(Vector128.WidenLower(red), Vector128.WidenLower(green), Vector128.WidenLower(blue));
                    Vector128<ushort> upper = LumaOf(Vector128.WidenUpper(red), Vector128.WidenUpper(green), Vector128.WidenUpper(blue));
                    Vector128<byte> levels = Vector128.Narrow(lower, upper);
                    levels.Store(to + at);
                    Vector128<ushort> pairs = lower + upper;
                    sums += Vector128.WidenLower(pairs) + Vector128.WidenUpper(pairs);
                    // 255 x 255 fits into 16 bits.
                    Vector128<ushort> lowerSquares = lower * lower, upperSquares = upper * upper;
                    squared += Vector128.WidenLower(lowerSquares) + Vector128.WidenUpper(lowerSquares) + Vector128.WidenLower(upperSquares) + Vector128.WidenUpper(upperSquares);
                    // A comparison gives all bits, which is -1.
                    whites -= Vector128.GreaterThanOrEqual(lower, Vector128.Create((ushort)bright)) + Vector128.GreaterThanOrEqual(upper, Vector128.Create((ushort)bright));
                }
                total += Vector128.Sum(sums);
                squares += SumOf(squared);
                white += Vector128.Sum(Vector128.WidenLower(whites) + Vector128.WidenUpper(whites));
            }
        }
        for (; at < luma.Length; at++)
        {
            int y = (Red * rgb[at * Channels] + Green * rgb[at * Channels + 1] + Blue * rgb[at * Channels + 2]) >> 8;
            luma[at] = (byte)y;
            total += y;
            squares += y * y;
            white += y >= bright ? 1 : 0;
        }
        return new LumaSums(total, squares, white);
    }

    /// <summary>Sums the Laplacian of each pixel that has four neighbours, and its squares.</summary>
    /// <param name="luma">Side x side bytes.</param>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe (long Sum, long Squares) OfLaplacian(ReadOnlySpan<byte> luma, int side)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(luma.Length, side * side);
        long total = 0, squares = 0;
        fixed (byte* pixels = luma)
        {
            for (int y = 1; y < side - 1; y++)
            {
                byte* row = pixels + y * side;
                int x = 1;
                // A row of 1024 pixels, the largest crop, adds up to 256 x 1020 x 1020 to an element.
                Vector128<int> sums = default;
                Vector128<uint> squared = default;
                for (; x + Vector128<byte>.Count < side; x += Vector128<byte>.Count)
                {
                    Vector128<byte> above = Vector128.Load(row + x - side), left = Vector128.Load(row + x - 1), center = Vector128.Load(row + x);
                    Vector128<byte> right = Vector128.Load(row + x + 1), below = Vector128.Load(row + x + side);
                    Vector128<short> lower = Laplacian(
                        Vector128.WidenLower(above) + Vector128.WidenLower(below), Vector128.WidenLower(left) + Vector128.WidenLower(right), Vector128.WidenLower(center));
                    Vector128<short> upper = Laplacian(
                        Vector128.WidenUpper(above) + Vector128.WidenUpper(below), Vector128.WidenUpper(left) + Vector128.WidenUpper(right), Vector128.WidenUpper(center));
                    Vector128<short> pairs = lower + upper;
                    sums += Vector128.WidenLower(pairs) + Vector128.WidenUpper(pairs);
                    squared += SquaresOf(lower) + SquaresOf(upper);
                }
                total += Vector128.Sum(sums);
                squares += SumOf(squared);
                for (; x < side - 1; x++)
                {
                    int laplacian = row[x - side] + row[x - 1] + row[x + 1] + row[x + side] - 4 * row[x];
                    total += laplacian;
                    squares += laplacian * laplacian;
                }
            }
        }
        return (total, squares);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ushort> LumaOf(Vector128<ushort> red, Vector128<ushort> green, Vector128<ushort> blue) =>
        (red * Vector128.Create(Red) + green * Vector128.Create(Green) + blue * Vector128.Create(Blue)) >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> Laplacian(Vector128<ushort> columns, Vector128<ushort> rows, Vector128<ushort> center) => (columns + rows - (center << 2)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> SquaresOf(Vector128<short> values)
    {
        Vector128<int> lower = Vector128.WidenLower(values), upper = Vector128.WidenUpper(values);
        return (lower * lower + upper * upper).AsUInt32();
    }

    static long SumOf(Vector128<uint> values) => (long)Vector128.Sum(Vector128.WidenLower(values) + Vector128.WidenUpper(values));
}
