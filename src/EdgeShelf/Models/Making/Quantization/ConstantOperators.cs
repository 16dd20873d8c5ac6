using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// The operators that may compute a weight: what exporters put between stored numbers and the node that reads them. Each gives one tensor
/// whose size is bounded by its inputs', so that a short file cannot ask for all memory.
/// </summary>
static class ConstantOperators
{
    /// <summary>Operators whose result has at most as many numbers as their first input.</summary>
    static readonly string[] NoLarger =
        ["Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Slice", "Shape", "Neg", "Abs", "Sqrt", "Reciprocal", "DequantizeLinear"];

    /// <summary>Operators with two inputs, of which the smaller is repeated.</summary>
    static readonly string[] Pairs = ["Add", "Sub", "Mul", "Div"];

    /// <summary>Not a node with a graph or tensors of its own: those operators are not in the list.</summary>
    public static bool Knows(NodeProto node) =>
        node.Domain is "" or "ai.onnx" && node.Output.Count == 1
        && (node.OpType is "Constant" or "Concat" or "Gather" || NoLarger.Contains(node.OpType) || Pairs.Contains(node.OpType))
        && !node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0);

    /// <summary>Returns the largest count of numbers that the result can have, limited to the largest possible tensor.</summary>
    /// <param name="inputs">The inputs in the node's order, with an empty tensor for an omitted input.</param>
    public static long LargestResult(NodeProto node, IReadOnlyList<TensorProto> inputs)
    {
        long[] counts = [.. inputs.Select(Numbers)];
        if (counts.Length == 0)
            return 0;
        if (node.OpType == "Concat")
            return Capped(counts.Sum(count => (double)count));
        if (node.OpType == "Gather")
            return Capped((double)counts[0] / Along(inputs[0], node.Int("axis", 0)) * counts[^1]);
        return Pairs.Contains(node.OpType) && inputs.Count == 2 ? Broadcast([.. inputs[0].Dims], [.. inputs[1].Dims]) : counts[0];
    }

    static long Along(TensorProto tensor, long axis)
    {
        long from = axis < 0 ? axis + tensor.Dims.Count : axis;
        return from >= 0 && from < tensor.Dims.Count ? Math.Max(tensor.Dims[(int)from], 1) : 1;
    }

    static long Broadcast(long[] left, long[] right)
    {
        double numbers = 1;
        for (int fromEnd = 1; fromEnd <= Math.Max(left.Length, right.Length); fromEnd++)
            numbers *= Math.Max(fromEnd <= left.Length ? left[^fromEnd] : 1, fromEnd <= right.Length ? right[^fromEnd] : 1);
        return Capped(numbers);
    }

    /// <summary>A stored tensor is as large as its shape says or ONNX Runtime refuses it; a size of 0 gives nothing.</summary>
    static long Numbers(TensorProto tensor) => Capped(tensor.Dims.Aggregate(1d, (product, size) => product * Math.Max(size, 0)));

    static long Capped(double numbers) => (long)Math.Min(numbers, 1L << 40);
}
