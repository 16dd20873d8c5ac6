using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>FP32 files that somebody else made, into `model quantize` and `model eval --fp32`: refused by name, in no time and in little memory.</summary>
public sealed class HostileFloatNetworkTests
{
    /// <summary>Allocated in all, on the way to the refusal; what is asked for is a thousand times as much.</summary>
    const long MostMegabytes = 1000;

    [Theory]
    [InlineData("weights outside the file", "outside the ONNX file")]
    [InlineData("weights outside the file behind a transpose", "outside the ONNX file")]
    [InlineData("a fill value outside the file", "body.weight")]
    [InlineData("a shape that overflows to none", "more than a file can hold")]
    [InlineData("a loop that computes a weight", "body.weight")]
    [InlineData("a range without end", "body.weight")]
    [InlineData("a constant that doubles forty times", "numbers")]
    [InlineData("a sum of a row and a column", "numbers")]
    [InlineData("pads without end", "numbers")]
    [InlineData("an input without end", "numbers")]
    [InlineData("a kernel that overflows", "does not fit")]
    public void ItIsRefusedByName(string evil, string told)
    {
        ModelProto model = SmallNetwork.Onnx();
        Spoil(model, evil);
        long before = GC.GetAllocatedBytesForCurrentThread();

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => NetworkReader.Read(model));

        Assert.Contains(told, problem.Message, StringComparison.Ordinal);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) >> 20, 0, MostMegabytes);
    }

    static void Spoil(ModelProto model, string evil)
    {
        GraphProto graph = model.Graph;
        TensorProto weights = graph.Initializer.First(tensor => tensor.Name == "body.weight");
        switch (evil)
        {
            case "weights outside the file":
                weights.DataLocation = TensorProto.Types.DataLocation.External;
                break;
            case "weights outside the file behind a transpose":
                weights.Name = "stored";
                weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/hostname" });
                Prepend(model, Node("Transpose", "body.weight", "stored"));
                break;
            case "a fill value outside the file":
                graph.Initializer.Remove(weights);
                graph.Initializer.Add(OnnxTensors.Create<long>("shape", DataType.Int64, [1 << 20, 1 << 20], 2));
                Prepend(model, Node("ConstantOfShape", "body.weight", "shape"));
                break;
            case "a shape that overflows to none":
                weights.Dims[0] = 1L << 32;
                weights.Dims[1] = 1L << 32;
                weights.RawData = ByteString.Empty;
                break;
            case "a loop that computes a weight":
                graph.Initializer.Remove(weights);
                NodeProto loop = new() { OpType = "Loop", Name = "loop", Output = { "body.weight" } };
                loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = new GraphProto() });
                Prepend(model, loop);
                break;
            case "a range without end":
                graph.Initializer.Remove(weights);
                graph.Initializer.Add(OnnxTensors.Create<long>("start", DataType.Int64, [0]));
                graph.Initializer.Add(OnnxTensors.Create<long>("limit", DataType.Int64, [1L << 40]));
                graph.Initializer.Add(OnnxTensors.Create<long>("step", DataType.Int64, [1]));
                Prepend(model, Node("Range", "body.weight", "start", "limit", "step"));
                break;
            case "a constant that doubles forty times":
                weights.Name = "x0";
                Prepend(model, [.. Enumerable.Range(0, 40).Select(index => Node("Concat", index == 39 ? "body.weight" : $"x{index + 1}", $"x{index}", $"x{index}").With("axis", 0))]);
                break;
            case "a sum of a row and a column":
                graph.Initializer.Remove(weights);
                graph.Initializer.Add(OnnxTensors.Create<float>("row", DataType.Float, new float[1 << 16], 1, 1 << 16));
                graph.Initializer.Add(OnnxTensors.Create<float>("column", DataType.Float, new float[1 << 16], 1 << 16, 1));
                Prepend(model, Node("Add", "body.weight", "row", "column"));
                break;
            case "pads without end":
                Pads(graph, 1 << 20);
                break;
            case "a kernel that overflows":
                Pads(graph, int.MaxValue, dilation: int.MaxValue);
                break;
            case "an input without end":
                graph.Input[0].Type.TensorType.Shape.Dim[2] = new TensorShapeProto.Types.Dimension { DimValue = 1L << 40 };
                graph.Input[0].Type.TensorType.Shape.Dim[3] = new TensorShapeProto.Types.Dimension { DimValue = 1L << 40 };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(evil), evil, null);
        }
    }

    static void Pads(GraphProto graph, int pads, int dilation = 1)
    {
        NodeProto convolution = graph.Node.First(node => node.Name == "body");
        convolution.Attribute.Clear();
        convolution.With(new Window([3, 3], [1, 1], [pads, pads, dilation > 1 ? 0 : pads, dilation > 1 ? 0 : pads], [dilation, dilation])).With("group", 1);
    }

    static NodeProto Node(string kind, string output, params string[] inputs)
    {
        NodeProto node = new() { OpType = kind, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        return node;
    }

    static void Prepend(ModelProto model, params NodeProto[] nodes)
    {
        foreach (NodeProto node in nodes.Reverse())
            model.Graph.Node.Insert(0, node);
    }
}
