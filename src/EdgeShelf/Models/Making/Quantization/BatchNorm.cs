using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>A BatchNorm at inference: y = scale * x + shift for each channel.</summary>
sealed class BatchNorm
{
    readonly double[] _scale;
    readonly double[] _shift;

    BatchNorm(double[] scale, double[] shift) => (_scale, _shift) = (scale, shift);

    /// <param name="parameters">Scale, bias, mean and variance, in ONNX's order.</param>
    public static BatchNorm Read(NodeProto node, float[][] parameters)
    {
        if (node.Int("training_mode", 0) != 0)
            throw node.Refuse("it is in training mode.", "Call model.eval() before the export.");
        int channels = parameters[0].Length;
        if (parameters.Any(values => values.Length != channels))
            throw node.Refuse($"its parameters have {string.Join(", ", parameters.Select(values => values.Length))} channels; they must agree.");

        double epsilon = node.Float("epsilon", 1e-5f);
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double variance = parameters[3][channel] + epsilon;
            if (variance <= 0)
                throw node.Refuse($"the variance of channel {channel} is {parameters[3][channel]}; it must not be negative.");
            scale[channel] = parameters[0][channel] / Math.Sqrt(variance);
            shift[channel] = parameters[1][channel] - (parameters[2][channel] * scale[channel]);
        }

        return new BatchNorm(scale, shift);
    }

    public ConvolutionLayer FoldInto(ConvolutionLayer convolution, string output)
    {
        if (convolution.OutputChannels != _scale.Length)
        {
            throw new ConfigurationException(
                $"Node {convolution.Name} has {convolution.OutputChannels} output channels, and its BatchNorm {_scale.Length}.",
                "The file is damaged: export it again.");
        }

        float[] weights = new float[convolution.Weights.Length];
        float[] bias = new float[convolution.OutputChannels];
        for (int channel = 0; channel < bias.Length; channel++)
        {
            int start = channel * convolution.WeightsPerChannel;
            for (int index = start; index < start + convolution.WeightsPerChannel; index++)
                weights[index] = (float)(convolution.Weights[index] * _scale[channel]);
            bias[channel] = (float)((convolution.Bias[channel] * _scale[channel]) + _shift[channel]);
        }

        return convolution with { Weights = weights, Bias = bias, Output = output };
    }

    /// <summary>Converts a BatchNorm without a convolution before it, as in pre-activation ResNets, to a 1 x 1 convolution of each channel.</summary>
    public ConvolutionLayer AsConvolution(string name, string input, string output) => new(
        name, input, output, new Window([1, 1], [1, 1], [0, 0, 0, 0], [1, 1]), _scale.Length, _scale.Length,
        [.. _scale.Select(value => (float)value)], [.. _shift.Select(value => (float)value)], Relu: false);
}
