using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// The operators that a network may have, each with its attributes. <see cref="OnnxGraphWriter"/> writes no others and
/// <see cref="NetworkFile"/> lets no others through, so there is no control flow, no nested graph and no operator with a large result from a small input.
/// </summary>
static class NetworkOperators
{
    static readonly string[] Window = ["kernel_shape", "strides", "pads", "dilations"];

    static readonly Dictionary<string, string[]> Attributes = new()
    {
        ["Add"] = [],
        ["AveragePool"] = ["kernel_shape", "strides"],
        ["Conv"] = [.. Window, "group"],
        ["DequantizeLinear"] = ["axis"],
        ["Flatten"] = ["axis"],
        ["Gemm"] = [],
        ["GlobalAveragePool"] = [],
        ["MaxPool"] = [.. Window, "ceil_mode"],
        ["QuantizeLinear"] = ["axis"],
        ["Relu"] = [],
    };

    /// <returns>What is wrong with the node, or null.</returns>
    public static string? Problem(NodeProto node)
    {
        if (node.Domain is not ("" or "ai.onnx") || !Attributes.TryGetValue(node.OpType, out string[]? known))
            return $"this operator{(node.Domain.Length > 0 ? $" of {node.Domain}" : "")} is not loaded; allowed are {string.Join(", ", Attributes.Keys)}.";
        AttributeProto? odd = node.Attribute.FirstOrDefault(attribute => !known.Contains(attribute.Name) || HoldsMoreThanNumbers(attribute));
        return odd is null ? null : $"its attribute {odd.Name} is not loaded; allowed are {(known.Length == 0 ? "none" : string.Join(", ", known))}, as whole numbers.";
    }

    static bool HoldsMoreThanNumbers(AttributeProto attribute) =>
        attribute.Type is not (AttributeProto.Types.AttributeType.Int or AttributeProto.Types.AttributeType.Ints)
        || attribute.G is not null || attribute.T is not null || attribute.SparseTensor is not null
        || attribute.Graphs.Count > 0 || attribute.Tensors.Count > 0 || attribute.SparseTensors.Count > 0 || attribute.RefAttrName.Length > 0;
}
