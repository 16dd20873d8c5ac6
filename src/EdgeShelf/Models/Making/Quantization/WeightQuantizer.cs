namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// INT8 weights, symmetric, one scale an output channel, in [-127, 127]; INT32 biases whose scale is the input's times the
/// weight's, exactly, without which ONNX Runtime leaves the layer in float.
/// </summary>
/// <param name="Weights">In the order of the float weights.</param>
/// <param name="Scales">One scale for each output channel.</param>
/// <param name="BiasScales">Input scale times weight scale, rounded as FP32 multiplication rounds.</param>
sealed record QuantizedWeights(sbyte[] Weights, float[] Scales, int[] Bias, float[] BiasScales);

static class WeightQuantizer
{
    const int Largest = 127;

    /// <summary>Scale of a channel of zeros. Its square is still a normal FP32 number.</summary>
    const double SmallestScale = 1e-15;

    /// <summary>Limit of a bias, which leaves room for the integer sum.</summary>
    const double LargestBias = 1 << 30;

    /// <param name="channelOf">The output channel of the weight at an index.</param>
    /// <param name="correction">Values to add to the bias of each channel; see <see cref="BiasCorrection"/>.</param>
    /// <param name="perChannel">Whether each channel has its own scale; otherwise all channels share one.</param>
    public static QuantizedWeights Quantize(
        float[] weights, float[] bias, Func<int, int> channelOf, float inputScale, double[]? correction = null, bool perChannel = true)
    {
        float[] scales = FindScales(weights, bias, channelOf, inputScale, perChannel);
        sbyte[] codes = new sbyte[weights.Length];
        for (int index = 0; index < codes.Length; index++)
            codes[index] = (sbyte)Math.Clamp(Math.Round(weights[index] / (double)scales[channelOf(index)]), -Largest, Largest);

        float[] biasScales = [.. scales.Select(scale => inputScale * scale)];
        int[] biasCodes = new int[bias.Length];
        for (int channel = 0; channel < bias.Length; channel++)
            biasCodes[channel] = (int)Math.Clamp(Math.Round((bias[channel] + (correction?[channel] ?? 0)) / biasScales[channel]), int.MinValue, int.MaxValue);
        return new QuantizedWeights(codes, scales, biasCodes, biasScales);
    }

    static float[] FindScales(float[] weights, float[] bias, Func<int, int> channelOf, float inputScale, bool perChannel)
    {
        double[] largest = new double[bias.Length];
        for (int index = 0; index < weights.Length; index++)
            largest[channelOf(index)] = Math.Max(largest[channelOf(index)], Math.Abs(weights[index]));
        if (!perChannel)
            Array.Fill(largest, largest.Max());

        // A dead channel has weights near zero and a bias that would not fit 32 bits at their scale; folding BatchNorm can create such channels.
        return [.. largest.Select((value, channel) => (float)Math.Max(
            Math.Max(value / Largest, Math.Abs(bias[channel]) / (inputScale * LargestBias)), SmallestScale))];
    }
}
