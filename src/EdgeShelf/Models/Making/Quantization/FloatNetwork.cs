namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// A ResNet-like classifier reduced to what the quantizer knows: layers in the order in which they run, BatchNorm folded,
/// any batch size, last layer linear. Softmax is not part of it.
/// </summary>
/// <param name="Input">Name of the input tensor, [N, 3, H, W], RGB.</param>
/// <param name="Height">Height of the input, or null if the file leaves it open.</param>
/// <param name="Width">Width of the input, or null if the file leaves it open.</param>
/// <param name="Layers">The layers. Each reads only the input and earlier layers; the last is the <see cref="Head"/>.</param>
/// <param name="Notes">Messages about the changes that the reader made.</param>
sealed record FloatNetwork(string Input, int? Height, int? Width, IReadOnlyList<Layer> Layers, IReadOnlyList<string> Notes)
{
    public LinearLayer Head => (LinearLayer)Layers[^1];

    public string Logits => Head.Output;

    /// <summary>The pooled features: what the head reads, [N, F].</summary>
    public string Features => Head.Input;

    public int Classes => Head.Outputs;
}
