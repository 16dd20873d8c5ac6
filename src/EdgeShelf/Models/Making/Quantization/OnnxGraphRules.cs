using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Checks the ONNX rules that the reader relies on: each tensor has one name and one source, and is computed before it is read.</summary>
static class OnnxGraphRules
{
    const string Hint = "The file is damaged: export or copy it again.";

    /// <exception cref="ConfigurationException">The graph breaks a rule; the message names the tensor or node and the problem.</exception>
    public static void Check(GraphProto graph)
    {
        HashSet<string> known = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (!known.Add(tensor.Name))
                throw new ConfigurationException($"The model has two initializers with the name {tensor.Name}; each needs a name of its own.", Hint);
        }

        // Old files list the weights among the inputs.
        known.UnionWith(graph.Input.Select(input => input.Name));
        foreach (NodeProto node in graph.Node)
        {
            if (node.Output.Count == 0 || node.Output[0].Length == 0)
                throw new ConfigurationException($"Node {(node.Name.Length > 0 ? node.Name : "without a name")} ({node.OpType}) has no output.", Hint);
            if (node.Input.FirstOrDefault(input => input.Length > 0 && !known.Contains(input)) is { } missing)
                throw node.Refuse($"its input {missing} comes from no earlier node.", Hint);
            if (node.Output.FirstOrDefault(output => output.Length > 0 && !known.Add(output)) is { } doubled)
                throw node.Refuse($"its output {doubled} has the name of another tensor.", Hint);
        }
    }
}
