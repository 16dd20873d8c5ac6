using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Follows each tensor's channels, height and width through the network and refuses layers that do not fit.</summary>
sealed class TensorShapes
{
    /// <summary>Height and width to use if the file leaves them open.</summary>
    const int UsualSize = 224;

    readonly Dictionary<string, (int Channels, int Height, int Width)> _shapes = [];

    public TensorShapes(string input, int? height, int? width) => _shapes[input] = (3, height ?? UsualSize, width ?? UsualSize);

    /// <summary>Returns the shape of a tensor that an earlier layer gave.</summary>
    public (int Channels, int Height, int Width) Picture(string name, NodeProto reader) => _shapes.TryGetValue(name, out var shape)
        ? shape
        : throw reader.Refuse($"its input {name} comes from no earlier node.", "The file is damaged: export it again.");

    public void Add(Layer layer, NodeProto node)
    {
        var input = Picture(layer.Inputs[0], node);
        (int Channels, int Height, int Width) output = layer switch
        {
            ConvolutionLayer convolution => Convolve(convolution, input, node),
            AdditionLayer addition => Picture(addition.Right, node) == input
                ? input
                : throw node.Refuse($"it adds {input} and {Picture(addition.Right, node)} (channels, height, width); they must agree."),
            MaxPoolLayer pool => Slide(pool.Window, pool.CeilMode, input, input.Channels, node),
            GlobalPoolLayer => (input.Channels, 1, 1),
            LinearLayer linear => linear.Weights.Length == input.Channels * linear.Outputs
                ? (linear.Outputs, 1, 1)
                : throw node.Refuse($"it takes {linear.Weights.Length / linear.Outputs} features and gets {input.Channels}."),
            _ => input,
        };
        if ((double)output.Channels * output.Height * output.Width > NetworkSizes.LargestTensor)
            throw node.Refuse($"its output {output} (channels, height, width) has more than {NetworkSizes.LargestTensor} numbers.", "The file is damaged, or the network is too large for a small device.");
        _shapes[layer.Output] = output;
    }

    static (int Channels, int Height, int Width) Convolve(ConvolutionLayer layer, (int Channels, int Height, int Width) input, NodeProto node)
    {
        if (layer.InputsPerGroup * layer.Groups != input.Channels)
            throw node.Refuse($"it takes {layer.InputsPerGroup * layer.Groups} channels and gets {input.Channels}.");
        return Slide(layer.Window, false, input, layer.OutputChannels, node);
    }

    static (int Channels, int Height, int Width) Slide(
        Window window, bool ceilMode, (int Channels, int Height, int Width) input, int channels, NodeProto node)
    {
        int height = window.OutputSize(0, input.Height, ceilMode);
        int width = window.OutputSize(1, input.Width, ceilMode);
        return height > 0 && width > 0
            ? (channels, height, width)
            : throw node.Refuse($"its window of {window.Kernel[0]} x {window.Kernel[1]} does not fit {input.Height} x {input.Width}.");
    }
}
