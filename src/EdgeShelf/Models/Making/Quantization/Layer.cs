namespace EdgeShelf.Models.Making.Quantization;

/// <summary>One step of a classification network. Tensors are named as in the ONNX graph it was read from.</summary>
/// <param name="Name">The ONNX node's name; unique.</param>
/// <param name="Inputs">Activations only; weights belong to the layer.</param>
abstract record Layer(string Name, IReadOnlyList<string> Inputs, string Output);

/// <summary>A layer whose negative outputs may be cut to zero.</summary>
abstract record RectifiableLayer(string Name, IReadOnlyList<string> Inputs, string Output, bool Relu) : Layer(Name, Inputs, Output);

/// <param name="Weights">[outputs, inputs / groups, height, width], row-major.</param>
/// <param name="Bias">One per output channel; zeros where the node has none.</param>
sealed record ConvolutionLayer(
    string Name, string Input, string Output, Window Window, int Groups, int OutputChannels, float[] Weights, float[] Bias, bool Relu)
    : RectifiableLayer(Name, [Input], Output, Relu)
{
    public int WeightsPerChannel => Weights.Length / OutputChannels;

    public int InputsPerGroup => WeightsPerChannel / (Window.Kernel[0] * Window.Kernel[1]);
}

/// <summary>The addition at the end of a residual block.</summary>
sealed record AdditionLayer(string Name, string Left, string Right, string Output, bool Relu)
    : RectifiableLayer(Name, [Left, Right], Output, Relu);

sealed record MaxPoolLayer(string Name, string Input, string Output, Window Window, bool CeilMode) : Layer(Name, [Input], Output);

/// <summary>The mean over height and width: [N, C, H, W] to [N, C, 1, 1].</summary>
sealed record GlobalPoolLayer(string Name, string Input, string Output) : Layer(Name, [Input], Output);

/// <summary>[N, C, 1, 1] to [N, C].</summary>
sealed record FlattenLayer(string Name, string Input, string Output) : Layer(Name, [Input], Output);

/// <param name="Weights">[inputs, outputs], row-major.</param>
/// <param name="Bias">One per output.</param>
sealed record LinearLayer(string Name, string Input, string Output, int Outputs, float[] Weights, float[] Bias) : Layer(Name, [Input], Output);

/// <summary>A sliding window over a picture. Height is before width, and the pads are top, left, bottom, right, as in ONNX.</summary>
sealed record Window(int[] Kernel, int[] Strides, int[] Pads, int[] Dilations)
{
    /// <summary>Returns the height (axis 0) or width (axis 1) of the output for an input of this size, or less than 1 if the window does not fit.</summary>
    public int OutputSize(int axis, int size, bool ceilMode = false)
    {
        // The type is long because the numbers come from a file, and a sum that overflows would look small.
        long free = (long)size + Pads[axis] + Pads[axis + 2] - ((long)Dilations[axis] * (Kernel[axis] - 1)) - 1;
        if (free < 0)
            return 0;
        long steps = ceilMode ? (free + Strides[axis] - 1) / Strides[axis] : free / Strides[axis];
        return (int)Math.Min(steps + 1, int.MaxValue);
    }
}
