using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Writes a <see cref="FloatNetwork"/> as FP32 ONNX. This model is used for calibration and for the comparison with INT8.</summary>
static class FloatModel
{
    public const string Input = "input";
    public const string Logits = "logits";

    /// <param name="exposed">Names, in the network, of inner tensors to add as outputs.</param>
    public static byte[] Write(FloatNetwork network, IEnumerable<string>? exposed = null)
    {
        OnnxGraphWriter writer = new();
        writer.AddInput(Input, DataType.Float, "N", 3, "H", "W");
        foreach (Layer layer in network.Layers)
            AddLayer(writer, layer, name => Rename(network, name));
        writer.AddOutput(Logits, "N", network.Classes);
        foreach (string name in exposed ?? [])
            writer.AddOutput(Rename(network, name));
        return writer.ToBytes();
    }

    /// <summary>Returns the name of a tensor in the written file.</summary>
    public static string Rename(FloatNetwork network, string tensor) =>
        tensor == network.Input ? Input : tensor == network.Logits ? Logits : "t/" + tensor;

    static void AddLayer(OnnxGraphWriter writer, Layer layer, Func<string, string> rename)
    {
        bool relu = layer is RectifiableLayer { Relu: true };
        string result = rename(layer.Output);
        string output = relu ? result + "/sum" : result;
        string[] inputs = [.. layer.Inputs.Select(rename)];
        switch (layer)
        {
            case ConvolutionLayer convolution:
                writer.AddNode(
                    "Conv", layer.Name, output, inputs[0],
                    writer.AddWeights<float>(
                        layer.Name + ".weight", DataType.Float, convolution.Weights,
                        convolution.OutputChannels, convolution.InputsPerGroup, convolution.Window.Kernel[0], convolution.Window.Kernel[1]),
                    writer.AddWeights<float>(layer.Name + ".bias", DataType.Float, convolution.Bias, convolution.OutputChannels))
                    .With(convolution.Window).With("group", convolution.Groups);
                break;
            case AdditionLayer:
                writer.AddNode("Add", layer.Name, output, inputs);
                break;
            case MaxPoolLayer pool:
                writer.AddNode("MaxPool", layer.Name, output, inputs).With(pool.Window).With("ceil_mode", pool.CeilMode ? 1 : 0);
                break;
            case GlobalPoolLayer:
                writer.AddNode("GlobalAveragePool", layer.Name, output, inputs);
                break;
            case FlattenLayer:
                writer.AddNode("Flatten", layer.Name, output, inputs).With("axis", 1);
                break;
            case LinearLayer linear:
                writer.AddNode(
                    "Gemm", layer.Name, output, inputs[0],
                    writer.AddWeights<float>(
                        layer.Name + ".weight", DataType.Float, linear.Weights, linear.Weights.Length / linear.Outputs, linear.Outputs),
                    writer.AddWeights<float>(layer.Name + ".bias", DataType.Float, linear.Bias, linear.Outputs));
                break;
        }

        if (relu)
            writer.AddNode("Relu", layer.Name + "/relu", result, output);
    }
}
