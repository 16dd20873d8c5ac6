using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>What cannot be quantized is refused with the node's name and why.</summary>
public sealed class NetworkReaderTests
{
    [Fact]
    public void AWrittenNetworkReadsBack()
    {
        FloatNetwork network = NetworkReader.Read(SmallNetwork.Onnx(classes: 7));

        Assert.Equal(7, network.Classes);
        Assert.Equal(6, network.Layers.Count);
        Assert.Empty(network.Notes);
    }

    [Fact]
    public void ASoftmaxAtTheEndIsLeftAwayAndSaidSo()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Node.Add(Node("Softmax", "last", "probabilities", "logits"));
        model.Graph.Output[0].Name = "probabilities";

        FloatNetwork network = NetworkReader.Read(model);

        Assert.Contains("Softmax last", Assert.Single(network.Notes), StringComparison.Ordinal);
        Assert.Equal(5, network.Classes);
    }

    [Fact]
    public void ANaNAmongTheWeightsIsRefusedWithItsNode()
    {
        ModelProto model = SmallNetwork.Onnx();
        TensorProto weights = model.Graph.Initializer.First(tensor => tensor.Name == "body.weight");
        byte[] bytes = weights.RawData.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(8), float.NaN);
        weights.RawData = ByteString.CopyFrom(bytes);

        AssertRefused(model, "Node body", "NaN at position 2");
    }

    [Fact]
    public void AnUnknownKindOfNodeIsRefusedWithItsName()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Node.First(node => node.OpType == "Relu").OpType = "HardSwish";

        AssertRefused(model, "HardSwish", "stem/relu");
    }

    [Fact]
    public void ASoftmaxInTheMiddleIsRefusedWithItsName()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Node.First(node => node.OpType == "Relu").OpType = "Softmax";

        AssertRefused(model, "Softmax", "stem/relu");
    }

    [Fact]
    public void AHalfPrecisionNetworkIsRefused()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Initializer.First(tensor => tensor.Name == "stem.weight").DataType = (int)TensorProto.Types.DataType.Float16;

        AssertRefused(model, "Node stem", "Float16");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(22)]
    public void AnOpsetOutsideElevenToTwentyOneIsRefused(int opset)
    {
        ModelProto model = SmallNetwork.Onnx();
        model.OpsetImport[0].Version = opset;

        AssertRefused(model, $"opset {opset}", "11 to 21");
    }

    [Fact]
    public void AFeaturizerWithoutALastLayerIsRefused()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Node.RemoveAt(model.Graph.Node.Count - 1);
        model.Graph.Output[0].Name = "t/e";

        AssertRefused(model, "t/e", "linear layer");
    }

    [Fact]
    public void ANetworkOfOneClassIsRefused() => AssertRefused(SmallNetwork.Onnx(classes: 1), "Node head", "one class");

    [Fact]
    public void ALayerThatGetsTheWrongNumberOfChannelsIsRefused()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 3;
        TensorProto weights = model.Graph.Initializer.First(tensor => tensor.Name == "body.weight");
        weights.Dims[1] = 4;
        weights.RawData = ByteString.CopyFrom(weights.RawData.Span[..(weights.RawData.Length / 2)]);

        AssertRefused(model, "Node body", "takes 4 channels and gets 8");
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no model at all")]
    [InlineData("\0\0\0\0")]
    public void AFileThatIsNoOnnxIsRefused(string text)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("model.onnx", text);

        Assert.Contains("model.onnx", Assert.Throws<ConfigurationException>(() => OnnxModelFile.Read(path)).Message, StringComparison.Ordinal);
    }

    static void AssertRefused(ModelProto model, params string[] parts)
    {
        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => NetworkReader.Read(model));
        Assert.All(parts, part => Assert.Contains(part, problem.Message, StringComparison.Ordinal));
    }

    static NodeProto Node(string kind, string name, string output, string input)
    {
        NodeProto node = new() { OpType = kind, Name = name };
        node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }
}
