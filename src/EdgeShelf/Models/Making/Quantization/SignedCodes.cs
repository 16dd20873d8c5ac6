using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Turns a network's activations from uint8 to int8 when it is loaded on ARM64, where ONNX Runtime multiplies signed bytes with fewer
/// instructions. Each code and each zero point is 128 less, so that their difference, and with it every number in the network, stays the same.
/// On x64 the kernels of unsigned bytes are the fast ones.
/// </summary>
static class SignedCodes
{
    /// <summary>Takes 128 from an unsigned code, read as a signed one.</summary>
    const byte Flip = 0x80;

    const int ZeroPoint = 2;

    /// <summary>Changes the zero points and the input's type.</summary>
    /// <param name="model">An examined network with one input. It stays as it is when it cannot be changed.</param>
    /// <returns>False if the input is not uint8, or unsigned bytes are anything else than zero points.</returns>
    public static bool TryApply(ModelProto model)
    {
        GraphProto graph = model.Graph;
        if (graph.Input[0].Type?.TensorType is not { } input || input.ElemType != (int)DataType.Uint8)
            return false;
        TensorProto[] unsigned = [.. graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Uint8)];
        HashSet<string> names = [.. unsigned.Select(tensor => tensor.Name)];
        foreach (NodeProto node in graph.Node)
        {
            bool converts = node.OpType is "QuantizeLinear" or "DequantizeLinear";
            // Without a zero point the codes are unsigned.
            if (converts && node.Input.Count <= ZeroPoint)
                return false;
            if (node.Input.Where((_, at) => !converts || at != ZeroPoint).Any(names.Contains))
                return false;
        }
        if (graph.Output.Any(output => output.Type?.TensorType?.ElemType == (int)DataType.Uint8) || unsigned.Any(tensor => tensor.RawData.IsEmpty))
            return false;

        foreach (TensorProto tensor in unsigned)
        {
            tensor.DataType = (int)DataType.Int8;
            tensor.RawData = ByteString.CopyFrom([.. tensor.RawData.Select(value => (byte)(value ^ Flip))]);
        }
        input.ElemType = (int)DataType.Int8;
        foreach (ValueInfoProto value in graph.ValueInfo)
        {
            if (value.Type?.TensorType is { } tensor && tensor.ElemType == (int)DataType.Uint8)
                tensor.ElemType = (int)DataType.Int8;
        }
        return true;
    }

    /// <summary>Makes the int8 tensor of a uint8 tensor. The caller disposes of both.</summary>
    public static OrtValue Of(OrtValue unsigned)
    {
        OrtValue signed = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Int8, unsigned.GetTensorTypeAndShape().Shape);
        ReadOnlySpan<byte> from = unsigned.GetTensorDataAsSpan<byte>();
        Span<byte> to = MemoryMarshal.AsBytes(signed.GetTensorMutableDataAsSpan<sbyte>());
        int at = 0;
        for (; at <= from.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            (Vector128.Create(from[at..]) ^ Vector128.Create(Flip)).CopyTo(to[at..]);
        for (; at < from.Length; at++)
            to[at] = (byte)(from[at] ^ Flip);
        return signed;
    }
}
