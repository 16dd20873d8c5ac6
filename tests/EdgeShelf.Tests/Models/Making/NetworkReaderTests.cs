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

    [Fact]
    public void WeightsThatAreSharedThroughAnIdentityAreConstants()
    {
        ModelProto model = SmallNetwork.Onnx();
        ReadThrough(model, "body.weight", Node("Identity", "shared", "again", "body.weight"));
        ReadThrough(model, "body.bias", Node("Identity", "shared twice", "thrice", "twice"), Node("Identity", "shared once", "twice", "body.bias"));

        AssertSameWeights(SmallNetwork.Create(), NetworkReader.Read(model));
    }

    [Fact]
    public void WhateverComputesAConstantIsAConstant()
    {
        ModelProto model = SmallNetwork.Onnx();
        TensorProto weights = model.Graph.Initializer.First(tensor => tensor.Name == "body.weight");
        float[] values = OnnxTensors.ReadFloats(weights, "body");
        // Kept as 64-bit numbers without a shape, as other tools do; 9 x 8 x 8 and turned round.
        model.Graph.Initializer.Remove(weights);
        double[] turned = [.. Enumerable.Range(0, values.Length).Select(index => (double)values[(index % 8 * 72) + (index / 8 % 8 * 9) + (index / 64)])];
        model.Graph.Initializer.Add(OnnxTensors.Create<double>("stored", TensorProto.Types.DataType.Double, turned, turned.Length));
        model.Graph.Initializer.Add(OnnxTensors.Create<long>("shape", TensorProto.Types.DataType.Int64, [3, 3, 8, 8], 4));
        NodeProto reshape = Node("Reshape", "reshape", "shaped", "stored");
        reshape.Input.Add("shape");
        NodeProto transpose = Node("Transpose", "transpose", "back", "shaped").With("perm", [3, 2, 0, 1]);
        NodeProto cast = Node("Cast", "cast", "body.weight", "back").With("to", (long)TensorProto.Types.DataType.Float);
        foreach (NodeProto node in new[] { cast, transpose, reshape })
            model.Graph.Node.Insert(0, node);

        AssertSameWeights(SmallNetwork.Create(), NetworkReader.Read(model));
    }

    [Fact]
    public void AConstantThatCannotBeComputedIsNamed()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Initializer.Add(OnnxTensors.Create<long>("shape", TensorProto.Types.DataType.Int64, [7, 7, 7, 7], 4));
        NodeProto reshape = Node("Reshape", "reshape", "reshaped", "body.weight");
        reshape.Input.Add("shape");
        ReadThrough(model, "body.weight", reshape);

        AssertRefused(model, "The constant reshaped cannot be computed");
    }

    [Fact]
    public void AReluBehindAnIdentityIsFoldedIntoTheConvolution()
    {
        ModelProto model = SmallNetwork.Onnx();
        NodeProto relu = model.Graph.Node.First(node => node.OpType == "Relu");
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(relu), Node("Identity", "pass", "passed", relu.Input[0]));
        relu.Input[0] = "passed";

        FloatNetwork network = NetworkReader.Read(model);

        Assert.True(Assert.IsType<ConvolutionLayer>(network.Layers[0]).Relu);
    }

    [Fact]
    public void AReluBesideAnIdentityThatNeedsWhatItCutsIsRefused()
    {
        ModelProto model = SmallNetwork.Onnx();
        NodeProto relu = model.Graph.Node.First(node => node.OpType == "Relu");
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(relu), Node("Identity", "pass", "passed", relu.Input[0]));
        NodeProto sum = model.Graph.Node.First(node => node.OpType == "Add");
        sum.Input[1] = "passed";

        AssertRefused(model, "Node stem/relu", "nothing else reads");
    }

    [Fact]
    public void ADoubledInitializerIsRefusedWithItsName()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Initializer.Add(model.Graph.Initializer.First(tensor => tensor.Name == "stem.bias"));

        AssertRefused(model, "two initializers with the name stem.bias");
    }

    [Fact]
    public void ATensorThatTwoNodesGiveIsRefused()
    {
        ModelProto model = SmallNetwork.Onnx();
        model.Graph.Node.Add(model.Graph.Node[0]);

        AssertRefused(model, "Node stem", "the name of another tensor");
    }

    [Theory]
    [InlineData("no input")]
    [InlineData("no output")]
    [InlineData("read before it is there")]
    [InlineData("strides of 0")]
    public void ADamagedNodeIsRefusedWithItsName(string damage)
    {
        ModelProto model = SmallNetwork.Onnx();
        NodeProto node = model.Graph.Node.First(node => node.Name == "body");
        switch (damage)
        {
            case "no input":
                node.Input.Clear();
                break;
            case "no output":
                node.Output.Clear();
                break;
            case "strides of 0":
                AttributeProto strides = node.Attribute.First(attribute => attribute.Name == "strides");
                (strides.Ints[0], strides.Ints[1]) = (0, 0);
                break;
            default:
                model.Graph.Node.Remove(node);
                model.Graph.Node.Insert(0, node);
                break;
        }

        AssertRefused(model, "Node body");
    }

    /// <summary>Whoever reads a tensor reads what the last of these nodes makes of it.</summary>
    static void ReadThrough(ModelProto model, string tensor, params NodeProto[] lastFirst)
    {
        foreach (NodeProto reader in model.Graph.Node)
        {
            for (int index = 0; index < reader.Input.Count; index++)
                reader.Input[index] = reader.Input[index] == tensor ? lastFirst[0].Output[0] : reader.Input[index];
        }

        foreach (NodeProto node in lastFirst)
            model.Graph.Node.Insert(0, node);
    }

    static void AssertSameWeights(FloatNetwork expected, FloatNetwork found)
    {
        ConvolutionLayer[] convolutions = [.. found.Layers.OfType<ConvolutionLayer>()];
        Assert.Equal(2, convolutions.Length);
        Assert.All(expected.Layers.OfType<ConvolutionLayer>().Zip(convolutions), pair =>
        {
            Assert.Equal(pair.First.Weights, pair.Second.Weights);
            Assert.Equal(pair.First.Bias, pair.Second.Bias);
        });
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
