using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Follows the shape of each tensor through a graph of <see cref="NetworkOperators"/> for one picture. A few bytes of pads or strides can
/// ask for gigabytes and hours, which a time limit ends only between two operators.
/// </summary>
sealed class NetworkSizes
{
    /// <summary>Limit of the numbers in one tensor. A ResNet's largest has 17 million at an input of 1024 x 1024 pixels.</summary>
    public const long LargestTensor = 1L << 25;

    /// <summary>Limit of the multiplications for one picture. A ResNet-152 needs 240 thousand million at 1024 x 1024 pixels.</summary>
    const long MostWork = 1L << 38;

    const string Hint = "Take a model that `edgeshelf model quantize` or `edgeshelf model train` made.";

    readonly Dictionary<string, long[]> _shapes = [];
    long _work;

    NetworkSizes()
    {
    }

    /// <param name="side">Height and width of the input, in pixels.</param>
    /// <exception cref="ConfigurationException">A node reads a tensor that no earlier node gives, or needs too much memory or work; the message names the node.</exception>
    public static void Check(GraphProto graph, int side)
    {
        NetworkSizes sizes = new();
        foreach (TensorProto tensor in graph.Initializer)
            sizes._shapes[tensor.Name] = [.. tensor.Dims];
        sizes._shapes[graph.Input[0].Name] = [1, 3, side, side];
        foreach (NodeProto node in graph.Node)
            sizes.Add(node);
    }

    void Add(NodeProto node)
    {
        if (node.Output.Count != 1)
            throw node.Refuse($"it has {node.Output.Count} outputs; one is expected.", Hint);
        foreach (string input in node.Input)
            Shape(node, input);
        long[] shape = Result(node);
        if (shape.Aggregate(1d, (product, size) => product * size) is > LargestTensor and var numbers)
            throw node.Refuse($"its output [{string.Join(", ", shape)}] has {numbers:0} numbers; at most {LargestTensor} are allowed.", Hint);
        if (_work > MostWork)
            throw node.Refuse($"the network needs more than {MostWork} multiplications for one picture.", Hint);
        if (!_shapes.TryAdd(node.Output[0], shape))
            throw node.Refuse($"its output {node.Output[0]} has the name of another tensor.", Hint);
    }

    long[] Result(NodeProto node)
    {
        long[] data = Shape(node, node.Input.FirstOrDefault() ?? "");
        switch (node.OpType)
        {
            case "Conv" when data.Length == 4 && Weights(node) is { Length: 4 } kernel:
                return Slide(node, node.ReadWindow([Size(kernel[2]), Size(kernel[3])]), data, false, kernel[0], kernel[1] * kernel[2] * kernel[3]);
            case "MaxPool" when data.Length == 4 && node.ReadWindow() is var window:
                return Slide(node, window, data, node.Int("ceil_mode", 0) == 1, data[1], (long)window.Kernel[0] * window.Kernel[1]);
            case "AveragePool" when data.Length == 4 && node.ReadWindow() is var window:
                return Slide(node, window, data, false, data[1], (long)window.Kernel[0] * window.Kernel[1]);
            case "Gemm" when data.Length == 2 && Weights(node) is { Length: 2 } matrix:
                _work += matrix[0] * matrix[1];
                return [1, matrix[1]];
            case "GlobalAveragePool" when data.Length == 4:
                return [1, data[1], 1, 1];
            case "Flatten":
                return [1, data.Aggregate(1L, (product, size) => product * size)];
            case "Add" when node.Input.Count == 2 && Shape(node, node.Input[1]).SequenceEqual(data):
            case "QuantizeLinear" or "DequantizeLinear" or "Relu":
                return data;
            default:
                throw node.Refuse($"it cannot work on {string.Join(" and ", node.Input.Select(input => $"[{string.Join(", ", Shape(node, input))}]"))}.", Hint);
        }
    }

    long[] Slide(NodeProto node, Window window, long[] data, bool ceilMode, long channels, long workPerNumber)
    {
        (int height, int width) = (window.OutputSize(0, Size(data[2]), ceilMode), window.OutputSize(1, Size(data[3]), ceilMode));
        if (height < 1 || width < 1)
            throw node.Refuse($"its window of {window.Kernel[0]} x {window.Kernel[1]} does not fit {data[2]} x {data[3]}.", Hint);
        // Each factor is bounded by the file's size or an int; their product is not.
        _work = (long)Math.Min(_work + ((double)channels * height * width * workPerNumber), long.MaxValue / 2);
        return [1, channels, height, width];
    }

    long[] Weights(NodeProto node) => node.Input.Count > 1 ? Shape(node, node.Input[1]) : [];

    long[] Shape(NodeProto node, string name) => _shapes.TryGetValue(name, out long[]? shape)
        ? shape
        : throw node.Refuse($"its input {name} comes from no earlier node.", Hint);

    static int Size(long size) => (int)Math.Min(size, int.MaxValue);
}
