using EdgeShelf.Shelf;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Finds every tensor of a graph that is the same for each picture: initializers, and what nodes compute from them alone.
/// PyTorch writes weights that are equal once, and an Identity node for each further use; other tools write weights behind Transpose,
/// Reshape or Cast. Only <see cref="ConstantOperators"/> are computed, one node at a time, because the file may come from anywhere.
/// </summary>
sealed class ConstantFolding
{
    /// <summary>Limit of the numbers in all computed constants together; a ResNet-152 has 60 million weights.</summary>
    const long MostNumbers = 1L << 28;

    readonly ModelProto _model;
    readonly Dictionary<string, TensorProto> _constants;
    long _numbers;

    ConstantFolding(ModelProto model) =>
        (_model, _constants) = (model, model.Graph.Initializer.ToDictionary(tensor => tensor.Name));

    /// <param name="model">A model whose graph has passed <see cref="OnnxGraphRules"/>.</param>
    /// <returns>The constants by tensor name.</returns>
    /// <exception cref="ConfigurationException">A constant that a node reads is too large, or ONNX Runtime cannot compute it.</exception>
    public static Dictionary<string, TensorProto> Find(ModelProto model)
    {
        ConstantFolding folding = new(model);
        foreach (NodeProto node in folding.FindWhatIsRead())
            folding.Compute(node);
        return folding._constants;
    }

    /// <summary>Adds the stored constants and returns the nodes that must still be computed, in their order.</summary>
    List<NodeProto> FindWhatIsRead()
    {
        HashSet<string> computed = [];
        List<NodeProto> open = [];
        foreach (NodeProto node in _model.Graph.Node)
        {
            if (node.OpType == "Constant" && node.Find("value")?.T is { } value)
                _constants[node.Output[0]] = value;
            else if (node.OpType == "Identity" && _constants.TryGetValue(node.Input.FirstOrDefault() ?? "", out TensorProto? original))
                _constants[node.Output[0]] = original;
            else if (ConstantOperators.Knows(node) && node.Input.Where(input => input.Length > 0).All(input => _constants.ContainsKey(input) || computed.Contains(input)))
                open.Add(node);
            else
                continue;
            computed.UnionWith(node.Output.Where(output => !_constants.ContainsKey(output)));
        }

        HashSet<string> read = [.. _model.Graph.Node.Except(open).SelectMany(node => node.Input), .. _model.Graph.Output.Select(output => output.Name)];
        List<NodeProto> needed = [];
        foreach (NodeProto node in Enumerable.Reverse(open))
        {
            if (!node.Output.Any(read.Contains))
                continue;
            needed.Add(node);
            read.UnionWith(node.Input);
        }
        needed.Reverse();
        return needed;
    }

    /// <summary>Runs a single node in ONNX Runtime.</summary>
    void Compute(NodeProto node)
    {
        ModelProto part = new() { IrVersion = _model.IrVersion, Graph = new GraphProto { Name = "constants" } };
        part.OpsetImport.AddRange(_model.OpsetImport);
        part.Graph.Node.Add(node);
        foreach (string name in node.Input.Distinct().Where(name => name.Length > 0))
        {
            TensorProto tensor = _constants[name].Clone();
            OnnxTensors.RefuseExternal(tensor, node.Title());
            tensor.Name = name;
            part.Graph.Initializer.Add(tensor);
        }
        foreach (TensorProto tensor in node.Attribute.Where(attribute => attribute.T is not null).Select(attribute => attribute.T))
            OnnxTensors.RefuseExternal(tensor, node.Title());

        _numbers += ConstantOperators.LargestResult(node, [.. node.Input.Select(name => name.Length > 0 ? _constants[name] : new TensorProto())]);
        if (_numbers > MostNumbers)
            throw node.Refuse($"the constants up to this one have more than {MostNumbers} numbers.", "The file is damaged: export it again.");

        part.Graph.Output.Add(new ValueInfoProto { Name = node.Output[0] });
        try
        {
            using SessionOptions sessionOptions = Network.SessionOptions(threads: 1);
            // The exception has the same text, and the command line prints it.
            sessionOptions.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            using InferenceSession session = new(part.ToByteArray(), sessionOptions);
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> values = session.Run(options, [], [], [node.Output[0]]);
            if (values[0].GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.String)
                throw node.Refuse("it computes text; only numbers are weights.");
            _constants[node.Output[0]] = ToTensor(node.Output[0], values[0]);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ConfigurationException(
                $"The constant {node.Output[0]} cannot be computed: {problem.Message}", "The file is damaged, or needs a runtime of its own: export it again.", problem);
        }
    }

    static TensorProto ToTensor(string name, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo shape = value.GetTensorTypeAndShape();
        TensorProto tensor = new() { Name = name, DataType = (int)shape.ElementDataType, RawData = ByteString.CopyFrom(value.GetTensorMutableRawData()) };
        tensor.Dims.AddRange(shape.Shape);
        return tensor;
    }
}
