using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Reads a classifier as torchvision or the ONNX model zoo write it: BatchNorm folded or not, opset 11 to 21, fixed or open
/// batch, with or without a softmax, one output or two, weights that are shared or computed from constants. Everything else is refused with the node's name.
/// </summary>
sealed class NetworkReader
{
    const int OldestOpset = 11;
    const int NewestOpset = 21;

    readonly GraphProto _graph;
    readonly Dictionary<string, TensorProto> _weights;
    readonly Dictionary<string, NodeProto> _producers = [];
    readonly List<string> _notes = [];

    NetworkReader(GraphProto graph, Dictionary<string, TensorProto> weights) => (_graph, _weights) = (graph, weights);

    /// <exception cref="ConfigurationException">The network cannot be quantized; the message names the node and the reason.</exception>
    public static FloatNetwork Read(ModelProto model)
    {
        CheckOpset(model);
        OnnxGraphRules.Check(model.Graph);
        return new NetworkReader(model.Graph, ConstantFolding.Find(model)).Read();
    }

    static void CheckOpset(ModelProto model)
    {
        long opset = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (opset is < OldestOpset or > NewestOpset)
        {
            throw new ConfigurationException(
                $"The model has opset {opset}; {OldestOpset} to {NewestOpset} are known.", $"Export it with opset_version={NewestOpset} or lower.");
        }
    }

    FloatNetwork Read()
    {
        foreach (NodeProto node in _graph.Node)
        {
            foreach (string output in node.Output)
                _producers[output] = node;
        }

        ValueInfoProto input = FindInput();
        (int? height, int? width) = ReadInputSize(input);
        string logits = FindLogits();
        List<NodeProto> nodes = FindNodesBehind(logits);
        NetworkBuilder builder = new(input.Name, height, width, _weights, nodes, logits);
        foreach (NodeProto node in nodes)
            builder.Append(node);
        return builder.Finish(_notes);
    }

    ValueInfoProto FindInput()
    {
        // Old files list the weights among the inputs.
        List<ValueInfoProto> inputs = [.. _graph.Input.Where(input => !_weights.ContainsKey(input.Name))];
        return inputs.Count == 1
            ? inputs[0]
            : throw new ConfigurationException(
                $"The model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(input => input.Name))}); a classifier has one.",
                "Export the network with the picture as its only input.");
    }

    static (int? Height, int? Width) ReadInputSize(ValueInfoProto input)
    {
        TypeProto.Types.Tensor? type = input.Type?.TensorType;
        var dimensions = type?.Shape?.Dim;
        string found = $"{(TensorProto.Types.DataType)(type?.ElemType ?? 0)}[{(dimensions is null ? "" : string.Join(", ", dimensions.Select(Describe)))}]";
        if (type?.ElemType != (int)TensorProto.Types.DataType.Float || dimensions is not { Count: 4 }
            || dimensions[1] is { DimValue: not 3 and not 0 })
        {
            throw new ConfigurationException(
                $"The input {input.Name} is {found}; Float[N, 3, height, width] is expected.", "Export a network that takes RGB pictures, channels first.");
        }

        return (Known(dimensions[2]), Known(dimensions[3]));

        static int? Known(TensorShapeProto.Types.Dimension size) => size.DimValue > 0 ? (int)Math.Min(size.DimValue, int.MaxValue) : null;
        static string Describe(TensorShapeProto.Types.Dimension size) => size.DimValue > 0 ? $"{size.DimValue}" : size.DimParam is { Length: > 0 } name ? name : "?";
    }

    /// <summary>Finds the output of the last linear layer. A softmax after it is removed, because the classifier computes its own.</summary>
    string FindLogits()
    {
        foreach (ValueInfoProto output in _graph.Output)
        {
            string name = output.Name;
            while (_producers.TryGetValue(name, out NodeProto? node))
            {
                if (node.OpType is "Gemm" or "MatMul" || (node.OpType == "Add" && node.Input.Any(IsMatMul)))
                    return name;
                if (node.OpType is not ("Softmax" or "LogSoftmax" or "Identity") || node.Input.Count == 0)
                    break;
                if (node.OpType != "Identity")
                    _notes.Add($"{node.OpType} {node.Title()} at the end was left away: the classifier has its own, with the temperature.");
                name = node.Input[0];
            }
        }

        throw new ConfigurationException(
            $"None of the outputs ({string.Join(", ", _graph.Output.Select(output => output.Name))}) comes from a linear layer (Gemm or MatMul).",
            "Export the whole classifier with its last layer, giving its logits.");
    }

    bool IsMatMul(string name) => _producers.TryGetValue(name, out NodeProto? node) && node.OpType == "MatMul";

    /// <summary>Returns the nodes that the logits depend on, in the file's order. The arithmetic that computes a Reshape's shape is not followed.</summary>
    List<NodeProto> FindNodesBehind(string logits)
    {
        HashSet<NodeProto> needed = new(ReferenceEqualityComparer.Instance);
        Stack<string> open = new([logits]);
        while (open.TryPop(out string? name))
        {
            if (_weights.ContainsKey(name) || !_producers.TryGetValue(name, out NodeProto? node) || !needed.Add(node))
                continue;
            foreach (string input in node.OpType is "Add" or "Sum" ? node.Input : node.Input.Take(1))
                open.Push(input);
        }

        return [.. _graph.Node.Where(needed.Contains)];
    }
}
