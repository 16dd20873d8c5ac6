using EdgeShelf.Shelf;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>
/// Finds every tensor of a graph that is the same for each picture: initializers, and whatever nodes compute from them alone.
/// PyTorch writes weights that are equal once, and an Identity node for each further use; other tools write weights behind Transpose,
/// Reshape or Cast.
/// </summary>
static class ConstantFolding
{
    /// <summary>Operators that give another answer at each run.</summary>
    static readonly string[] Random = ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    /// <param name="model">Its graph has passed <see cref="OnnxGraphRules"/>.</param>
    /// <returns>By tensor name.</returns>
    /// <exception cref="ConfigurationException">ONNX Runtime cannot compute a constant that a node reads.</exception>
    public static Dictionary<string, TensorProto> Find(ModelProto model)
    {
        Dictionary<string, TensorProto> constants = model.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        HashSet<string> computed = [];
        List<NodeProto> open = [];
        foreach (NodeProto node in model.Graph.Node)
        {
            if (node.OpType == "Constant" && node.Find("value")?.T is { } value)
                constants[node.Output[0]] = value;
            else if (node.OpType == "Identity" && constants.TryGetValue(node.Input.FirstOrDefault() ?? "", out TensorProto? original))
                constants[node.Output[0]] = original;
            else if (IsConstant(node, name => constants.ContainsKey(name) || computed.Contains(name)))
                open.Add(node);
            else
                continue;
            computed.UnionWith(node.Output.Where(output => !constants.ContainsKey(output)));
        }

        if (open.Count > 0)
            Compute(model, open, constants);
        return constants;
    }

    static bool IsConstant(NodeProto node, Func<string, bool> isConstant)
    {
        string[] inputs = [.. node.Input.Where(input => input.Length > 0)];
        return (inputs.Length > 0 || node.OpType == "Constant") && inputs.All(isConstant) && !Random.Contains(node.OpType)
            && !node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0);
    }

    /// <summary>Lets ONNX Runtime run these nodes by themselves, and keeps what the other nodes read of them.</summary>
    static void Compute(ModelProto model, List<NodeProto> nodes, Dictionary<string, TensorProto> constants)
    {
        HashSet<string> own = [.. nodes.SelectMany(node => node.Output)];
        string[] read = [.. model.Graph.Node.Except(nodes).SelectMany(node => node.Input).Concat(model.Graph.Output.Select(output => output.Name)).Where(own.Contains).Distinct()];
        if (read.Length == 0)
            return;

        ModelProto part = new() { IrVersion = model.IrVersion, Graph = new GraphProto { Name = "constants" } };
        part.OpsetImport.AddRange(model.OpsetImport);
        part.Graph.Node.AddRange(nodes);
        foreach (string name in nodes.SelectMany(node => node.Input).Distinct().Where(constants.ContainsKey))
        {
            OnnxTensors.RefuseExternal(constants[name], nodes.First(node => node.Input.Contains(name)).Title());
            TensorProto tensor = constants[name].Clone();
            tensor.Name = name;
            part.Graph.Initializer.Add(tensor);
        }

        part.Graph.Output.AddRange(read.Select(name => new ValueInfoProto { Name = name }));
        try
        {
            using SessionOptions sessionOptions = Network.SessionOptions(threads: 1);
            // The exception has the same text; the command line prints that.
            sessionOptions.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            using InferenceSession session = new(part.ToByteArray(), sessionOptions);
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> values = session.Run(options, [], [], read);
            for (int index = 0; index < read.Length; index++)
                constants[read[index]] = ToTensor(read[index], values[index]);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ConfigurationException(
                $"The constants {string.Join(", ", read.Take(5))} cannot be computed: {problem.Message}", "The file is damaged, or needs a runtime of its own: export it again.", problem);
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
