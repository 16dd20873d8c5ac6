using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Builds an ONNX file node by node: opset 13, the first with per-channel scales, which every later runtime reads.</summary>
sealed class OnnxGraphWriter
{
    const int Opset = 13;
    const int IrVersion = 7;

    readonly GraphProto _graph = new() { Name = "edgeshelf" };

    public void AddInput(string name, TensorProto.Types.DataType type, params ReadOnlySpan<object> shape) => _graph.Input.Add(Describe(name, type, shape));

    /// <param name="shape">Numbers, or names for open sizes; empty if the shape is not given.</param>
    public void AddOutput(string name, params ReadOnlySpan<object> shape) =>
        _graph.Output.Add(Describe(name, TensorProto.Types.DataType.Float, shape));

    public string AddWeights<T>(string name, TensorProto.Types.DataType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        _graph.Initializer.Add(OnnxTensors.Create(name, type, values, shape));
        return name;
    }

    public NodeProto AddNode(string kind, string name, string output, params ReadOnlySpan<string> inputs)
    {
        NodeProto node = new() { OpType = kind, Name = name };
        foreach (string input in inputs)
            node.Input.Add(input);
        node.Output.Add(output);
        _graph.Node.Add(node);
        return node;
    }

    public byte[] ToBytes()
    {
        if (_graph.Node.FirstOrDefault(node => NetworkOperators.Problem(node) is not null) is { } odd)
            throw new InvalidOperationException($"Node {odd.Name} ({odd.OpType}): {NetworkOperators.Problem(odd)} What is written must load again.");
        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "edgeshelf", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        return model.ToByteArray();
    }

    static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, ReadOnlySpan<object> shape)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type };
        if (shape.Length > 0)
            tensor.Shape = new TensorShapeProto();
        foreach (object size in shape)
        {
            tensor.Shape.Dim.Add(size is int known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = (string)size });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
