using System.Runtime.InteropServices;
using EdgeShelf.Shelf;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Converts between arrays and ONNX's tensor message, which stores numbers in several ways.</summary>
static class OnnxTensors
{
    /// <exception cref="ConfigurationException">The tensor is not FP32, is stored outside the file, does not match its shape, or has a NaN or infinity.</exception>
    public static float[] ReadFloats(TensorProto tensor, string reader)
    {
        RefuseExternal(tensor, reader);
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
        {
            throw new ConfigurationException(
                $"Node {reader}: the weights {tensor.Name} are {(TensorProto.Types.DataType)tensor.DataType}; only FP32 is quantized.",
                "Export the network in FP32.");
        }

        float[] values = tensor.RawData.IsEmpty
            ? [.. tensor.FloatData]
            : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
        long? expected = Count(tensor.Dims);
        if (values.Length != expected)
        {
            throw new ConfigurationException(
                $"Node {reader}: the weights {tensor.Name} hold {values.Length} numbers; their shape [{string.Join(", ", tensor.Dims)}] needs {(expected is null ? "more than a file can hold" : $"{expected}")}.",
                "The file is damaged: export or copy it again.");
        }

        int odd = Array.FindIndex(values, value => !float.IsFinite(value));
        if (odd >= 0)
        {
            throw new ConfigurationException(
                $"Node {reader}: the weights {tensor.Name} hold {values[odd]} at position {odd}; every weight must be finite.",
                "The training diverged or the file is damaged: take an earlier checkpoint.");
        }

        return values;
    }

    public static long[] ReadLongs(TensorProto tensor, string reader)
    {
        RefuseExternal(tensor, reader);
        return tensor.RawData.IsEmpty ? [.. tensor.Int64Data] : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();
    }

    /// <summary>Counts the numbers in a tensor of this shape; 1 for a scalar.</summary>
    /// <returns>The count, or null if a size is 0 or less or the count is too large for a tensor, because the product could overflow to a small number.</returns>
    public static long? Count(IEnumerable<long> shape)
    {
        long product = 1;
        foreach (long size in shape)
        {
            if (size < 1 || size > int.MaxValue / product)
                return null;
            product *= size;
        }
        return product;
    }

    public static TensorProto Create<T>(string name, TensorProto.Types.DataType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        foreach (long size in shape)
            tensor.Dims.Add(size);
        return tensor;
    }

    /// <exception cref="ConfigurationException">The numbers are in a file beside the model.</exception>
    public static void RefuseExternal(TensorProto tensor, string reader)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.Default || tensor.ExternalData.Count > 0)
        {
            throw new ConfigurationException(
                $"Node {reader}: the weights {tensor.Name} are kept outside the ONNX file.", "Export the network as one file.");
        }
    }
}
