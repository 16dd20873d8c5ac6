namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Computes bias corrections. Rounded weights shift a channel's mean by the rounding error times the mean input, which the bias compensates
/// (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction").
/// </summary>
static class BiasCorrection
{
    /// <returns>The values to add to each channel's bias, by layer name.</returns>
    public static IReadOnlyDictionary<string, double[]> Find(
        FloatNetwork network, IReadOnlyDictionary<string, ActivationScale> scales, IReadOnlyDictionary<string, TensorStatistics> statistics)
    {
        Dictionary<string, double[]> corrections = [];
        foreach (ConvolutionLayer layer in network.Layers.OfType<ConvolutionLayer>())
        {
            // The mean of the input depends on the pictures and is not a property of the network.
            if (!statistics.TryGetValue(layer.Input, out TensorStatistics? input))
                continue;
            int perChannel = layer.WeightsPerChannel;
            QuantizedWeights rounded = WeightQuantizer.Quantize(layer.Weights, layer.Bias, index => index / perChannel, scales[layer.Input].Scale);
            corrections[layer.Name] = Shift(layer, rounded, input.ChannelMeans);
        }

        return corrections;
    }

    static double[] Shift(ConvolutionLayer layer, QuantizedWeights rounded, double[] inputMeans)
    {
        int window = layer.Window.Kernel[0] * layer.Window.Kernel[1];
        int outputsPerGroup = layer.OutputChannels / layer.Groups;
        double[] shift = new double[layer.OutputChannels];
        for (int index = 0; index < layer.Weights.Length; index++)
        {
            int output = index / layer.WeightsPerChannel;
            int input = (output / outputsPerGroup * layer.InputsPerGroup) + (index % layer.WeightsPerChannel / window);
            shift[output] += (layer.Weights[index] - (rounded.Weights[index] * (double)rounded.Scales[output])) * inputMeans[input];
        }

        return shift;
    }
}
