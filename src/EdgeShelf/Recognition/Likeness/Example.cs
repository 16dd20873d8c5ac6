using System.Numerics.Tensors;

namespace EdgeShelf.Recognition.Likeness;

/// <summary>One example of how a product, or a place without goods, looks on this shelf.</summary>
/// <param name="Id">The id, unique on this device and never used twice.</param>
/// <param name="Label">The product's label, or <see cref="Shelf.Planogram.EmptyLabel"/>.</param>
/// <param name="Slot">The slot in which it was seen, or null if it came from a file.</param>
/// <param name="Descriptor">The descriptor of its crop.</param>
sealed record Example(long Id, string Label, string? Slot, CompactDescriptor Descriptor);

/// <summary>
/// A descriptor in one byte for each value, as it is stored. The cosine to the original is at least .9998 (measured on the facings of
/// one bay), and an example takes 2 kB instead of 8.
/// </summary>
/// <param name="Codes">The values as multiples of the scale, 0 to 255.</param>
/// <param name="Scale">The value of one step.</param>
sealed record CompactDescriptor(byte[] Codes, float Scale)
{
    public int Length => Codes.Length;

    /// <param name="descriptor">The values, none of them negative.</param>
    public static CompactDescriptor Of(ReadOnlySpan<float> descriptor)
    {
        float scale = TensorPrimitives.Max(descriptor) / byte.MaxValue;
        byte[] codes = new byte[descriptor.Length];
        for (int index = 0; scale > 0 && index < codes.Length; index++)
            codes[index] = (byte)Math.Clamp(MathF.Round(descriptor[index] / scale), 0, byte.MaxValue);
        return new CompactDescriptor(codes, scale);
    }

    public float[] ToValues()
    {
        float[] values = new float[Codes.Length];
        for (int index = 0; index < values.Length; index++)
            values[index] = Codes[index] * Scale;
        return values;
    }
}
