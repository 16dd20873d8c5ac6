using System.Buffers.Binary;
using System.Numerics.Tensors;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// `prototypes.bin`: features of training pictures. A softmax assigns every picture to the products it knows. The distance of a picture
/// to the nearest example shows whether it is one of them. Measured on 8 taught and 73 other products, its AUROC is .97 to .98,
/// compared with .90 to .93 for the softmax.
/// </summary>
sealed class Prototypes
{
    public const string FileName = "prototypes.bin";

    /// <summary>
    /// The first bytes of the file. After them come the numbers of features and examples and the class of each example, as 32-bit
    /// integers, then the features as 16-bit floats, all little-endian.
    /// </summary>
    static ReadOnlySpan<byte> Magic => "ESP1"u8;
    const int HeaderLength = 12;

    readonly int[] _classes;
    readonly Half[] _values;
    readonly float[] _lengths;

    Prototypes(int[] classes, Half[] values)
    {
        (_classes, _values) = (classes, values);
        Features = values.Length / classes.Length;
        _lengths = [.. Enumerable.Range(0, Count).Select(index => TensorPrimitives.Norm<float>(Example(index)))];
    }

    /// <summary>Number of features of one example.</summary>
    public int Features { get; }

    public int Count => _classes.Length;

    /// <summary>Class of each example.</summary>
    public IReadOnlyList<int> Classes => _classes;

    /// <param name="examples">Features of the examples, at least one, all of the same length.</param>
    /// <param name="classes">Class of each example.</param>
    public static Prototypes Of(IReadOnlyList<float[]> examples, IReadOnlyList<int> classes)
    {
        int width = examples[0].Length;
        Half[] values = new Half[examples.Count * width];
        for (int index = 0; index < examples.Count; index++)
            TensorPrimitives.ConvertToHalf(examples[index], values.AsSpan(index * width, width));
        return new Prototypes([.. classes], values);
    }

    /// <summary>Returns the features of one example, as the network returned them except for rounding.</summary>
    public float[] Example(int index)
    {
        float[] example = new float[Features];
        TensorPrimitives.ConvertToSingle(_values.AsSpan(index * Features, Features), example);
        return example;
    }

    /// <exception cref="ConfigurationException">The bytes are not in the format that <see cref="ToBytes"/> writes.</exception>
    public static Prototypes Parse(ReadOnlySpan<byte> bytes, string path)
    {
        const string Hint = "Install the model again, or train it again.";
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic))
            throw new ConfigurationException($"{path} holds no prototypes.", Hint);
        int features = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        long expected = HeaderLength + ((long)count * sizeof(int)) + ((long)features * count * sizeof(ushort));
        if (features < 1 || count < 1 || bytes.Length != expected)
            throw new ConfigurationException($"{path} has {bytes.Length} bytes; {count} examples of {features} features need {expected}.", Hint);
        int[] classes = new int[count];
        for (int index = 0; index < count; index++)
            classes[index] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeaderLength + (index * sizeof(int)))..]);
        Half[] values = new Half[features * count];
        ReadOnlySpan<byte> stored = bytes[(HeaderLength + (count * sizeof(int)))..];
        for (int index = 0; index < values.Length; index++)
            values[index] = BinaryPrimitives.ReadHalfLittleEndian(stored[(index * sizeof(ushort))..]);
        return Array.TrueForAll(values, Half.IsFinite)
            ? new Prototypes(classes, values)
            : throw new ConfigurationException($"{path} holds features that are not numbers.", Hint);
    }

    public byte[] ToBytes()
    {
        int start = HeaderLength + (Count * sizeof(int));
        byte[] bytes = new byte[start + (_values.Length * sizeof(ushort))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Features);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Count);
        for (int index = 0; index < Count; index++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderLength + (index * sizeof(int))), _classes[index]);
        for (int index = 0; index < _values.Length; index++)
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(start + (index * sizeof(ushort))), _values[index]);
        return bytes;
    }

    /// <summary>Returns the cosine to the nearest example.</summary>
    public double Likeness(ReadOnlySpan<float> features) => Nearest(features, _ => true).Likeness;

    /// <param name="among">Whether the example at a position counts.</param>
    /// <returns>Position and cosine of the nearest example; -1 and -1 if none counts.</returns>
    public (int Example, double Likeness) Nearest(ReadOnlySpan<float> features, Func<int, bool> among)
    {
        float length = TensorPrimitives.Norm(features);
        float[] example = new float[Features];
        (int Example, double Likeness) nearest = (-1, -1);
        for (int index = 0; index < Count; index++)
        {
            if (!among(index))
                continue;
            TensorPrimitives.ConvertToSingle(_values.AsSpan(index * Features, Features), example);
            double lengths = (double)length * _lengths[index];
            double likeness = lengths > 0 ? TensorPrimitives.Dot(features, example) / lengths : 0;
            if (likeness > nearest.Likeness)
                nearest = (index, likeness);
        }

        return nearest;
    }
}
