using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeShelf.Pictures;

/// <summary>Reduces a picture by a whole factor: each pixel is the mean of a square. It takes about two instructions a pixel.</summary>
static class BoxAverage
{
    /// <summary>The largest factor. The sum of its square fits into 16 bits.</summary>
    public const int MaxFactor = 16;

    /// <summary>Reduces a picture. Columns and rows at the right and the lower edge that fill no square are left out.</summary>
    /// <param name="factor">The side of a square in pixels, 1 to <see cref="MaxFactor"/>.</param>
    /// <param name="rgba">Receives width / factor x height / factor x 4 bytes. The means are within one level.</param>
    public static void Of(Picture picture, int factor, Span<byte> rgba)
    {
        int width = picture.Width / factor, height = picture.Height / factor, stride = picture.Width * Picture.BytesPerPixel;
        // The last vector of a row may read behind the picture's last pixel, which Picture allows, and its sums are not used.
        ushort[] sums = ArrayPool<ushort>.Shared.Rent(stride + Vector128<byte>.Count);
        for (int y = 0; y < height; y++)
        {
            AddRows(ref picture.Pixels[y * factor * stride], stride, factor, sums);
            Average(sums, factor, rgba.Slice(y * width * Picture.BytesPerPixel, width * Picture.BytesPerPixel));
        }
        ArrayPool<ushort>.Shared.Return(sums);
    }

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddRows(ref byte source, nint stride, int rows, ushort[] sums)
    {
        ref ushort target = ref MemoryMarshal.GetArrayDataReference(sums);
        for (nint at = 0; at < stride; at += Vector128<byte>.Count)
        {
            ref byte row = ref Unsafe.Add(ref source, at);
            Vector128<ushort> lower = default, upper = default;
            for (int i = 0; i < rows; i++)
            {
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref row);
                row = ref Unsafe.Add(ref row, stride);
                upper = AdvSimd.IsSupported ? AdvSimd.AddWideningUpper(upper, bytes) : upper + Vector128.WidenUpper(bytes);
                lower = AdvSimd.IsSupported ? AdvSimd.AddWideningLower(lower, bytes.GetLower()) : lower + Vector128.WidenLower(bytes);
            }
            lower.StoreUnsafe(ref target, (nuint)at);
            upper.StoreUnsafe(ref target, (nuint)(at + Vector128<ushort>.Count));
        }
    }

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Average(ushort[] sums, int factor, Span<byte> rgba)
    {
        const int Bits = 16;
        ref ushort sum = ref MemoryMarshal.GetArrayDataReference(sums);
        ref byte target = ref MemoryMarshal.GetReference(rgba);
        Vector128<uint> share = Vector128.Create((uint)((1 << Bits) / (factor * factor))), half = Vector128.Create(1u << (Bits - 1));
        for (nint at = 0; at < rgba.Length; at += Picture.BytesPerPixel)
        {
            Vector64<ushort> square = default;
            for (int i = 0; i < factor; i++)
            {
                square += Vector64.LoadUnsafe(ref sum);
                sum = ref Unsafe.Add(ref sum, Picture.BytesPerPixel);
            }
            Vector128<uint> means = (Vector128.WidenLower(square.ToVector128Unsafe()) * share + half) >> Bits;
            Vector128<ushort> halves = Vector128.Narrow(means, means);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), Vector128.Narrow(halves, halves).AsUInt32().ToScalar());
        }
    }
}
