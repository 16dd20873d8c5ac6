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
        // What is left between integers and the outside: the features on their way out, in float.
        NodeProto dequantize = Assert.Single(model.Graph.Node, node => node.OpType == "DequantizeLinear");
        Assert.Equal("features", Assert.Single(dequantize.Output));
        string[] known = ["QLinearConv", "QLinearAdd", "NhwcMaxPool", "QLinearGlobalAveragePool", "QGemm", "DequantizeLinear", "Transpose", "Flatten", "Reshape", "Squeeze"];
        Assert.All(model.Graph.Node, node => Assert.Contains(node.OpType, known));
        // One from the channels-first input, and at most one before the features.
        Assert.InRange(Count("Transpose"), 1, 2);
    }
}
