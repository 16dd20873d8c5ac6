using EdgeShelf.Shelf;
using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Examines a network's file as a message before ONNX Runtime sees it: only <see cref="NetworkOperators"/>, every number inside the file,
/// and sizes that a picture can be worked on with. Nothing else is loaded, whatever tool made the model.
/// </summary>
static class NetworkFile
{
    /// <summary>Size limit of the file, in bytes. A ResNet-152 in FP32 has 241 million.</summary>
    public const long LargestBytes = 1L << 28;

    const string Hint = "Take a model that `edgeshelf model quantize` or `edgeshelf model train` made, or install this one again.";

    /// <param name="onnx">The file's bytes.</param>
    /// <param name="side">Height and width of the input, in pixels.</param>
    /// <returns>The examined network. ONNX Runtime gets it written again, so that it gets nothing that this version does not know.</returns>
    /// <exception cref="ConfigurationException">The file is damaged, or contains something that is not allowed; the message names the node or tensor.</exception>
    public static ModelProto Examine(byte[] onnx, int side)
    {
        if (onnx.Length > LargestBytes)
            throw new ConfigurationException($"The network has {onnx.Length} bytes; at most {LargestBytes} are allowed.", Hint);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(onnx);
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new ConfigurationException($"The network does not load: it is not an ONNX file, or damaged: {problem.Message}", Hint, problem);
        }
        if (model.Graph is not { Node.Count: > 0 } graph)
            throw new ConfigurationException("The network does not load: it is not an ONNX file, or holds no graph.", Hint);
        if (model.Functions.Count > 0)
            throw new ConfigurationException($"The network has the function {model.Functions[0].Name}; functions are not loaded.", Hint);
        if (graph.SparseInitializer.Count > 0)
            throw new ConfigurationException("The network has sparse initializers; they are not loaded.", Hint);
        if (graph.Input.Count != 1)
            throw new ConfigurationException($"The network has {graph.Input.Count} inputs ({string.Join(", ", graph.Input.Select(input => input.Name))}); one is expected.", Hint);

        CheckInputSize(graph.Input[0], side);
        HashSet<string> names = [graph.Input[0].Name];
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (!names.Add(tensor.Name))
                throw new ConfigurationException($"The network has two tensors with the name {tensor.Name}.", Hint);
            if (TensorProblem(tensor) is { } problem)
                throw new ConfigurationException($"The initializer {tensor.Name} {problem}.", Hint);
        }
        foreach (NodeProto node in graph.Node)
        {
            if (NetworkOperators.Problem(node) is { } problem)
                throw node.Refuse(problem, Hint);
        }
        NetworkSizes.Check(graph, side);
        return model;
    }

    /// <summary>Compares the size in the file with the manifest's. A window that does not fit another size would be told as a damaged file.</summary>
    static void CheckInputSize(ValueInfoProto input, int side)
    {
        if (input.Type?.TensorType?.Shape?.Dim is not { Count: 4 } shape)
            return;
        if (shape.Skip(2).Any(size => size.DimValue > 0 && size.DimValue != side))
        {
            throw new ConfigurationException(
                $"The network's input is N x 3 x {shape[2].DimValue} x {shape[3].DimValue}; the manifest says N x 3 x {side} x {side}.",
                "The manifest belongs to another network; make or install the model folder again.");
        }
    }

    static string? TensorProblem(TensorProto tensor)
    {
        // ONNX Runtime also accepts a memory address as the location.
        if (tensor.DataLocation != TensorProto.Types.DataLocation.Default || tensor.ExternalData.Count > 0)
            return "keeps its numbers outside the file, which is not allowed";
        int bytes = (DataType)tensor.DataType switch
        {
            DataType.Float or DataType.Int32 => 4,
            DataType.Int8 or DataType.Uint8 => 1,
            _ => 0,
        };
        if (bytes == 0)
            return $"is {(DataType)tensor.DataType}; Float, Int32, Int8 and Uint8 are allowed";
        long? numbers = OnnxTensors.Count(tensor.Dims);
        long held = !tensor.RawData.IsEmpty ? tensor.RawData.Length / bytes
            : (DataType)tensor.DataType == DataType.Float ? tensor.FloatData.Count : tensor.Int32Data.Count;
        return numbers == held && tensor.RawData.Length % bytes == 0
            ? null
            : $"holds {held} numbers, and its shape [{string.Join(", ", tensor.Dims)}] needs {(numbers is null ? "more than a file can hold" : $"{numbers}")}";
    }
}
