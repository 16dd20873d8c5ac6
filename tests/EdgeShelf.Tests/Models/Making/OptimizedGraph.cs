using EdgeShelf.Models;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>A model as ONNX Runtime rewrites it for this processor.</summary>
sealed class OptimizedGraph(ModelProto model)
{
    public static OptimizedGraph Of(byte[] onnx)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (SessionOptions options = Network.SessionOptions(threads: 1))
            {
                options.OptimizedModelFilePath = path;
                using InferenceSession session = new(onnx, options);
            }

            return new OptimizedGraph(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>How many nodes there are of a kind.</summary>
    public int Count(string kind) => model.Graph.Node.Count(node => node.OpType == kind);

    /// <summary>Fails on any node that computes in float, and wants every convolution in NHWC.</summary>
    public void MustBeInteger(int convolutions, int additions)
    {
        Assert.Equal(convolutions, Count("QLinearConv"));
        Assert.All(model.Graph.Node.Where(node => node.OpType == "QLinearConv"), node =>
            Assert.Contains(node.Attribute, attribute => attribute is { Name: "channels_last", I: 1 }));
        Assert.Equal(additions, Count("QLinearAdd"));
        Assert.Equal(1, Count("QLinearGlobalAveragePool"));
        Assert.Equal(1, Count("QGemm"));
        // Two leave the integers: the features on their way out, and the map on its way to the descriptor's pooling.
        Assert.Equal(2, Count("DequantizeLinear"));
        NodeProto[] outputs = [.. model.Graph.Node.Where(node => node.OpType == "DequantizeLinear")];
        NodeProto map = Assert.Single(outputs, node => node.Output[0] != "features");
        Assert.All(ReadersOf(map.Output[0]), node => Assert.Contains(node.OpType, new[] { "AveragePool", "ReorderInput", "ReorderOutput", "Flatten", "Reshape" }));
        string[] known = ["QLinearConv", "QLinearAdd", "NhwcMaxPool", "QLinearGlobalAveragePool", "QGemm", "DequantizeLinear", "Transpose", "Flatten", "Reshape", "Squeeze"];
        Assert.All(model.Graph.Node.Except(ReadersOf(map.Output[0])), node => Assert.Contains(node.OpType, known));
        Assert.Equal(1, Count("AveragePool"));
        // One from the channels-first input, and at most one each before the features and the descriptor.
        Assert.InRange(Count("Transpose"), 1, 3);
    }

    /// <summary>All nodes behind a tensor.</summary>
    HashSet<NodeProto> ReadersOf(string tensor)
    {
        HashSet<NodeProto> found = new(ReferenceEqualityComparer.Instance);
        HashSet<string> names = [tensor];
        foreach (NodeProto node in model.Graph.Node.Where(node => node.Input.Any(names.Contains)))
        {
            found.Add(node);
            names.UnionWith(node.Output);
        }

        return found;
    }
}
