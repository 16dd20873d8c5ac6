using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Writes a <see cref="FloatNetwork"/> as INT8 in the QDQ form that ONNX Runtime fuses without rest: U8S8, uint8 input, each inner
/// tensor through one QuantizeLinear and DequantizeLinear, float `logits`, `features` and `descriptor` at the end. There is no Relu node:
/// a zero point of 0 cuts at zero.
/// </summary>
sealed class QuantizedModel
{
    public const string Input = "input";
    public const string Logits = "logits";
    public const string Features = "features";
    public const string Descriptor = "descriptor";

    /// <summary>Prefix of the last layer's weights in the file; <see cref="Training.HeadReplacement"/> exchanges them.</summary>
    public const string Head = "head";

    readonly OnnxGraphWriter _writer = new();
    readonly FloatNetwork _network;
    readonly IReadOnlyDictionary<string, ActivationScale> _scales;
    readonly IReadOnlyDictionary<string, double[]>? _corrections;
    readonly bool _perChannel;
    readonly DescriptorPool? _descriptor;

    QuantizedModel(
        FloatNetwork network, IReadOnlyDictionary<string, ActivationScale> scales, DescriptorPool? descriptor,
        IReadOnlyDictionary<string, double[]>? corrections, bool perChannel) =>
        (_network, _scales, _descriptor, _corrections, _perChannel) = (network, scales, descriptor, corrections, perChannel);

    /// <param name="scales">The scales of the input and of each convolution, addition and global pooling output.</param>
    /// <param name="descriptor">The pooling for the output `descriptor`; null leaves the output out.</param>
    /// <param name="corrections">Bias corrections by layer name; see <see cref="BiasCorrection"/>.</param>
    /// <param name="perChannel">Whether each channel has its own weight scale; false only to measure the difference.</param>
    public static byte[] Write(
        FloatNetwork network, IReadOnlyDictionary<string, ActivationScale> scales, DescriptorPool? descriptor,
        IReadOnlyDictionary<string, double[]>? corrections = null, bool perChannel = true) =>
        new QuantizedModel(network, scales, descriptor, corrections, perChannel).Write();

    byte[] Write()
    {
        Dictionary<string, ActivationScale> scales = new(_scales);
        object height = _network.Height is { } rows ? rows : "H";
        object width = _network.Width is { } columns ? columns : "W";
        _writer.AddInput(Input, DataType.Uint8, "N", 3, height, width);
        AddScale("input", scales[_network.Input]);
        _writer.AddNode("DequantizeLinear", "input/dequantize", Dequantized(_network.Input), Input, "input/scale", "input/zero_point");
        foreach (Layer layer in _network.Layers)
        {
            switch (layer)
            {
                case ConvolutionLayer convolution:
                    AddConvolution(convolution, scales);
                    break;
                case AdditionLayer addition:
                    _writer.AddNode("Add", layer.Name, Raw(layer.Output), Dequantized(addition.Left), Dequantized(addition.Right));
                    AddPair(layer.Name, layer.Output, scales[layer.Output]);
                    break;
                case MaxPoolLayer pool:
                    _writer.AddNode("MaxPool", layer.Name, Raw(layer.Output), Dequantized(pool.Input))
                        .With(pool.Window).With("ceil_mode", pool.CeilMode ? 1 : 0);
                    AddPair(layer.Name, layer.Output, scales[layer.Output] = scales[pool.Input]);
                    break;
                case GlobalPoolLayer pool:
                    _writer.AddNode("GlobalAveragePool", layer.Name, Raw(layer.Output), Dequantized(pool.Input));
                    AddPair(layer.Name, layer.Output, scales[layer.Output]);
                    break;
                case FlattenLayer flatten:
                    _writer.AddNode("Flatten", layer.Name, Raw(layer.Output), Dequantized(flatten.Input)).With("axis", 1);
                    AddPair(layer.Name, layer.Output, scales[layer.Output] = scales[flatten.Input]);
                    break;
                case LinearLayer linear:
                    AddHead(linear, scales[linear.Input]);
                    break;
            }
        }

        _writer.AddOutput(Logits, "N", _network.Classes);
        _writer.AddOutput(Features, "N", _network.Head.Weights.Length / _network.Classes);
        if (_descriptor is not null)
            AddDescriptor(_descriptor);
        return _writer.ToBytes();
    }

    void AddConvolution(ConvolutionLayer layer, Dictionary<string, ActivationScale> scales)
    {
        QuantizedWeights weights = WeightQuantizer.Quantize(
            layer.Weights, layer.Bias, index => index / layer.WeightsPerChannel, scales[layer.Input].Scale, _corrections?.GetValueOrDefault(layer.Name), _perChannel);
        AddWeights(
            layer.Name, weights, 0, layer.OutputChannels, layer.InputsPerGroup, layer.Window.Kernel[0], layer.Window.Kernel[1]);
        _writer.AddNode(
            "Conv", layer.Name, Raw(layer.Output), Dequantized(layer.Input), layer.Name + ".weight", layer.Name + ".bias")
            .With(layer.Window).With("group", layer.Groups);
        AddPair(layer.Name, layer.Output, scales[layer.Output]);
    }

    void AddHead(LinearLayer layer, ActivationScale input)
    {
        QuantizedWeights weights = WeightQuantizer.Quantize(
            layer.Weights, layer.Bias, index => index % layer.Outputs, input.Scale, _corrections?.GetValueOrDefault(layer.Name), _perChannel);
        AddWeights(Head, weights, 1, layer.Weights.Length / layer.Outputs, layer.Outputs);
        _writer.AddNode("Gemm", layer.Name, Logits, Dequantized(layer.Input), Head + ".weight", Head + ".bias");
    }

    /// <summary>
    /// Adds the pooling over the grid, in float: the map is integer, and its means are not rounded again. Rounding them costs most in the small
    /// values, which the square root enlarges: on 120 pictures, the mean cosine to the FP32 network's descriptor falls from .998 to .983.
    /// </summary>
    void AddDescriptor(DescriptorPool pool)
    {
        _writer.AddNode("AveragePool", Descriptor + "/pool", Descriptor + "/pooled", Dequantized(pool.Map))
            .With("kernel_shape", pool.Window.Kernel).With("strides", pool.Window.Strides);
        _writer.AddNode("Flatten", Descriptor + "/flatten", Descriptor, Descriptor + "/pooled").With("axis", 1);
        _writer.AddOutput(Descriptor, "N", pool.Values);
    }

    /// <param name="axis">The dimension of the output channels.</param>
    void AddWeights(string name, QuantizedWeights weights, int axis, params ReadOnlySpan<long> shape)
    {
        int channels = weights.Scales.Length;
        _writer.AddWeights<sbyte>(name + ".weight.codes", DataType.Int8, weights.Weights, shape);
        _writer.AddWeights<float>(name + ".weight.scale", DataType.Float, weights.Scales, channels);
        _writer.AddWeights<sbyte>(name + ".weight.zero_point", DataType.Int8, new sbyte[channels], channels);
        _writer.AddNode(
            "DequantizeLinear", name + ".weight/dequantize", name + ".weight",
            name + ".weight.codes", name + ".weight.scale", name + ".weight.zero_point").With("axis", axis);
        _writer.AddWeights<int>(name + ".bias.codes", DataType.Int32, weights.Bias, channels);
        _writer.AddWeights<float>(name + ".bias.scale", DataType.Float, weights.BiasScales, channels);
        _writer.AddWeights<int>(name + ".bias.zero_point", DataType.Int32, new int[channels], channels);
        _writer.AddNode(
            "DequantizeLinear", name + ".bias/dequantize", name + ".bias",
            name + ".bias.codes", name + ".bias.scale", name + ".bias.zero_point").With("axis", 0);
    }

    void AddPair(string layer, string tensor, ActivationScale scale)
    {
        string prefix = layer + ".output";
        AddScale(prefix, scale);
        _writer.AddNode("QuantizeLinear", prefix + "/quantize", prefix + ".codes", Raw(tensor), prefix + "/scale", prefix + "/zero_point");
        _writer.AddNode("DequantizeLinear", prefix + "/dequantize", Dequantized(tensor), prefix + ".codes", prefix + "/scale", prefix + "/zero_point");
    }

    void AddScale(string prefix, ActivationScale scale)
    {
        _writer.AddWeights<float>(prefix + "/scale", DataType.Float, [scale.Scale]);
        _writer.AddWeights<byte>(prefix + "/zero_point", DataType.Uint8, [scale.ZeroPoint]);
    }

    string Dequantized(string tensor) => tensor == _network.Features ? Features : "t/" + tensor;

    static string Raw(string tensor) => "raw/" + tensor;
}
