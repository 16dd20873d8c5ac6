using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Makes an INT8 ONNX file from an FP32 network and pictures.</summary>
static class Quantizer
{
    /// <param name="pictures">Normalized [1, 3, side, side] tensors of calibration pictures; called once or twice.</param>
    public static QuantizedNetwork Quantize(
        FloatNetwork network, Func<IEnumerable<OrtValue>> pictures, ModelInput input, QuantizerSettings settings,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibration.Run(
            network, pictures, settings.Method == CalibrationMethod.Mse, progress, cancellationToken);
        return Quantize(network, statistics, input, settings);
    }

    public static QuantizedNetwork Quantize(
        FloatNetwork network, IReadOnlyDictionary<string, TensorStatistics> statistics, ModelInput input, QuantizerSettings settings)
    {
        ActivationScale pixels = InputScale(input);
        Dictionary<string, ActivationScale> scales = new() { [network.Input] = pixels };
        foreach (Layer layer in network.Layers)
        {
            // Pooling picks among its input's values, and flattening moves them: both keep its scale.
            if (layer is MaxPoolLayer or FlattenLayer)
                scales[layer.Output] = scales[layer.Inputs[0]];
            else if (layer is not LinearLayer)
                scales[layer.Output] = RangeSearch.Find(statistics[layer.Output], settings.Method);
        }

        IReadOnlyDictionary<string, double[]>? corrections = settings.CorrectBias ? BiasCorrection.Find(network, scales, statistics) : null;
        network = network with { Height = input.Crop, Width = input.Crop };
        DescriptorPool? descriptor = DescriptorPool.Find(network, out string? withoutDescriptor);
        return new QuantizedNetwork(
            QuantizedModel.Write(network, scales, descriptor, corrections, settings.PerChannel),
            input with { Type = "uint8", Scale = pixels.Scale, ZeroPoint = pixels.ZeroPoint },
            new ModelOutputs { Descriptor = descriptor is null ? null : QuantizedModel.Descriptor },
            withoutDescriptor);
    }

    /// <summary>Returns the scale that covers every pixel value of every channel after normalization. It needs no calibration.</summary>
    static ActivationScale InputScale(ModelInput input) => ActivationScale.Cover(
        input.Mean.Zip(input.Std, (mean, std) => -mean / std).Min(), input.Mean.Zip(input.Std, (mean, std) => (1 - mean) / std).Max());
}

/// <param name="PerChannel">Whether each output channel has its own weight scale; false is worse and exists only for measurements.</param>
sealed record QuantizerSettings(CalibrationMethod Method = CalibrationMethod.MinMax, bool CorrectBias = false, bool PerChannel = true);

/// <param name="Model">The ONNX file.</param>
/// <param name="Input">Size and normalization of its input pictures.</param>
/// <param name="Outputs">Names of its outputs.</param>
/// <param name="WithoutDescriptor">Why it has no output for the descriptor; null if it has one.</param>
sealed record QuantizedNetwork(byte[] Model, ModelInput Input, ModelOutputs Outputs, string? WithoutDescriptor);
