using System.Buffers.Binary;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// `descriptor-mean.bin`: the mean <see cref="Descriptor"/> of the pictures that a network was made with. It stands for what all pictures have in
/// common, until a shelf has enough examples of its own. The mean is taken of square roots, as they are: its length is not made 1.
/// </summary>
static class DescriptorMean
{
    public const string FileName = "descriptor-mean.bin";

    /// <summary>The first bytes of the file. After them come the number of values as a 32-bit integer and the values as 32-bit floats, all little-endian.</summary>
    static ReadOnlySpan<byte> Magic => "ESD1"u8;
    const int HeaderLength = 8;

    /// <param name="descriptors">At least one, all of the same length.</param>
    public static float[] Of(IEnumerable<float[]> descriptors)
    {
        double[] sums = [];
        int count = 0;
        foreach (float[] descriptor in descriptors)
        {
            if (count++ == 0)
                sums = new double[descriptor.Length];
            for (int index = 0; index < sums.Length; index++)
                sums[index] += descriptor[index];
        }

        return [.. sums.Select(sum => (float)(sum / count))];
    }

    /// <exception cref="ConfigurationException">The bytes are not in the format that <see cref="ToBytes"/> writes, or a value is negative or not finite.</exception>
    public static float[] Parse(ReadOnlySpan<byte> bytes, string path)
    {
        const string Hint = "Install the model again, or make it again.";
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic))
            throw new ConfigurationException($"{path} holds no mean descriptor.", Hint);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        long expected = HeaderLength + ((long)count * sizeof(float));
        if (count < 1 || bytes.Length != expected)
            throw new ConfigurationException($"{path} has {bytes.Length} bytes; {count} values need {expected}.", Hint);
        float[] mean = new float[count];
        for (int index = 0; index < count; index++)
            mean[index] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(HeaderLength + (index * sizeof(float)))..]);
        int odd = Array.FindIndex(mean, value => !(value >= 0 && float.IsFinite(value)));
        return odd < 0 ? mean : throw new ConfigurationException($"{path} has {mean[odd]} as value {odd}; a square root is a finite number, 0 or more.", Hint);
    }

    public static byte[] ToBytes(ReadOnlySpan<float> mean)
    {
        byte[] bytes = new byte[HeaderLength + (mean.Length * sizeof(float))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), mean.Length);
        for (int index = 0; index < mean.Length; index++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(HeaderLength + (index * sizeof(float))), mean[index]);
        return bytes;
    }
}
