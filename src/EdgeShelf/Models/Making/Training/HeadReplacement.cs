using System.Runtime.InteropServices;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Models.Making.Training;

/// <summary>Replaces the last layer of an INT8 network that `model quantize` wrote. All layers before it stay identical byte for byte.</summary>
static class HeadReplacement
{
    /// <exception cref="ConfigurationException">The network was not made by `model quantize`.</exception>
    public static byte[] Apply(byte[] onnx, LinearHead head)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        GraphProto graph = model.Graph;
        int classes = head.Bias.Length;
        QuantizedWeights weights = WeightQuantizer.Quantize(head.Weights, head.Bias, index => index % classes, FeatureScale(graph));
        Exchange(graph, OnnxTensors.Create<sbyte>("head.weight.codes", DataType.Int8, weights.Weights, head.Weights.Length / classes, classes));
        Exchange(graph, OnnxTensors.Create<float>("head.weight.scale", DataType.Float, weights.Scales, classes));
        Exchange(graph, OnnxTensors.Create<sbyte>("head.weight.zero_point", DataType.Int8, new sbyte[classes], classes));
        Exchange(graph, OnnxTensors.Create<int>("head.bias.codes", DataType.Int32, weights.Bias, classes));
        Exchange(graph, OnnxTensors.Create<float>("head.bias.scale", DataType.Float, weights.BiasScales, classes));
        Exchange(graph, OnnxTensors.Create<int>("head.bias.zero_point", DataType.Int32, new int[classes], classes));
        graph.Output.First(output => output.Name == QuantizedModel.Logits).Type.TensorType.Shape.Dim[1].DimValue = classes;
        return model.ToByteArray();
    }

    /// <summary>Returns the last layer as the INT8 network computes it.</summary>
    /// <exception cref="ConfigurationException">The network was not made by `model quantize`.</exception>
    public static LinearHead Read(byte[] onnx)
    {
        GraphProto graph = ModelProto.Parser.ParseFrom(onnx).Graph;
        float[] scales = OnnxTensors.ReadFloats(Find(graph, "head.weight.scale"), "head");
        float[] biasScales = OnnxTensors.ReadFloats(Find(graph, "head.bias.scale"), "head");
        ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(Find(graph, "head.weight.codes").RawData.Span);
        ReadOnlySpan<int> biasCodes = MemoryMarshal.Cast<byte, int>(Find(graph, "head.bias.codes").RawData.Span);
        float[] weights = new float[codes.Length];
        for (int index = 0; index < weights.Length; index++)
            weights[index] = codes[index] * scales[index % scales.Length];
        float[] bias = new float[biasCodes.Length];
        for (int label = 0; label < bias.Length; label++)
            bias[label] = biasCodes[label] * biasScales[label];
        return new LinearHead(weights, bias);
    }

    static float FeatureScale(GraphProto graph)
    {
        NodeProto? dequantize = graph.Node.FirstOrDefault(node => node.OpType == "DequantizeLinear" && node.Output[0] == QuantizedModel.Features);
        return OnnxTensors.ReadFloats(Find(graph, dequantize?.Input[1] ?? ""), QuantizedModel.Features)[0];
    }

    static void Exchange(GraphProto graph, TensorProto tensor) => graph.Initializer[graph.Initializer.IndexOf(Find(graph, tensor.Name))] = tensor;

    static TensorProto Find(GraphProto graph, string name) => graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)
        ?? throw new ConfigurationException($"The base model has no tensor {name}: it was not made by `edgeshelf model quantize`.", "Name another model with --base.");
}
