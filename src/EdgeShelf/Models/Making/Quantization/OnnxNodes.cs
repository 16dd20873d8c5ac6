using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Reads the attributes of a node and creates its error messages, which contain its name.</summary>
static class OnnxNodes
{
    /// <summary>Returns the text to search for in a viewer: the node's name, or its output if it has no name.</summary>
    public static string Title(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "without a name";

    public static ConfigurationException Refuse(this NodeProto node, string why, string? hint = null) => new(
        $"Node {node.Title()} ({node.OpType}): {why}",
        hint ?? "The quantizer takes ResNet-like classifiers: convolutions, BatchNorm, ReLU, residual additions, pooling and a last linear layer.");

    public static long Int(this NodeProto node, string name, long otherwise) => node.Find(name)?.I ?? otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) => node.Find(name)?.F ?? otherwise;

    public static int[] Ints(this NodeProto node, string name, params int[] otherwise) =>
        node.Find(name) is { } attribute ? [.. attribute.Ints.Select(value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))] : otherwise;

    public static AttributeProto? Find(this NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>The sliding window of a Conv, MaxPool or AveragePool over two dimensions.</summary>
    /// <param name="kernel">The kernel size from the weights' shape, used if the attribute is absent.</param>
    public static Window ReadWindow(this NodeProto node, int[]? kernel = null)
    {
        if (node.Find("auto_pad")?.S.ToStringUtf8() is { } padding and not ("NOTSET" or ""))
            throw node.Refuse($"auto_pad is {padding}; only explicit pads are known.", "Export with explicit pads, as PyTorch does.");
        Window window = new(
            node.Ints("kernel_shape", kernel ?? []), node.Ints("strides", 1, 1), node.Ints("pads", 0, 0, 0, 0), node.Ints("dilations", 1, 1));
        if (window is not { Kernel.Length: 2, Strides.Length: 2, Pads.Length: 4, Dilations.Length: 2 })
            throw node.Refuse("only windows over height and width are known.");
        if (window.Kernel.Concat(window.Strides).Concat(window.Dilations).Any(size => size < 1) || window.Pads.Any(size => size < 0))
            throw node.Refuse("its window's sizes, strides and dilations must be 1 or more, and its pads 0 or more.", "The file is damaged: export it again.");
        return window;
    }
}
