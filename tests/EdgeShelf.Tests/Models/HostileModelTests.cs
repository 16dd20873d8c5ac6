using EdgeShelf.Models;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Tests.Models;

/// <summary>Models that somebody else made, whose hashes are right: each is refused before it can answer for a shelf.</summary>
public sealed class HostileModelTests : IDisposable
{
    const string Hidden = "/etc/hostname";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ANetworkAsItShouldBeLoadsWithoutAGoldenPicture()
    {
        using LoadedModel model = Load(TinyModel.Network());

        Assert.Null(model.Manifest.Golden);
    }

    /// <summary>Each was loaded and called sound; the loop never ended at the first picture.</summary>
    [Theory]
    [InlineData("a loop", "Loop")]
    [InlineData("a branch", "If")]
    [InlineData("an operator that we never write", "MatMul")]
    [InlineData("a foreign operator", "com.example")]
    [InlineData("a graph in an attribute", "gemm")]
    [InlineData("a tensor in an attribute", "gemm")]
    [InlineData("a function", "function")]
    [InlineData("weights outside the file", "outside the file")]
    [InlineData("weights at an address", "outside the file")]
    [InlineData("weights without numbers", "weights")]
    [InlineData("a shape that overflows to none", "weights")]
    [InlineData("weights of text", "String")]
    [InlineData("sparse weights", "sparse")]
    [InlineData("a window that makes the picture huge", "numbers")]
    [InlineData("a pooling with pads", "pads")]
    [InlineData("a pooling that does not fit", "does not fit")]
    [InlineData("a second input", "2 inputs")]
    [InlineData("a node without a name or an output", "0 outputs")]
    public void WhatOurQuantizerNeverWritesIsRefusedByName(string evil, string told)
    {
        ModelProto model = TinyModel.Network();
        Spoil(model, evil);

        Assert.Contains(told, Refusal(model), StringComparison.Ordinal);
    }

    /// <summary>ONNX Runtime takes it at load, and fails at each picture.</summary>
    [Fact]
    public void ANetworkThatFailsAtRunTimeIsRefusedAtItsLoad()
    {
        ModelProto model = TinyModel.Network();
        // Two zero points for one scale: nobody looks before the first run.
        Prepend(model, new NodeProto { OpType = "QuantizeLinear", Name = "quantize", Input = { "input", "scale", "zero" }, Output = { "codes" } },
            new NodeProto { OpType = "DequantizeLinear", Name = "dequantize", Input = { "codes", "scale", "zero" }, Output = { "again" } });
        model.Graph.Node.First(node => node.OpType == "GlobalAveragePool").Input[0] = "again";
        model.Graph.Initializer.Add(OnnxTensors.Create<float>("scale", TensorProto.Types.DataType.Float, [0.1f, 0.1f], 2));
        model.Graph.Initializer.Add(OnnxTensors.Create<byte>("zero", TensorProto.Types.DataType.Uint8, [0, 0], 2));

        Assert.Contains("first picture", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAnswerThatIsNoNumberIsRefusedAtItsLoad()
    {
        ModelProto model = TinyModel.Network();
        model.Graph.Initializer.First(tensor => tensor.Name == "bias").RawData = ByteString.CopyFrom(Enumerable.Repeat((byte)0xFF, 16).ToArray());

        Assert.Contains("finite", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void ADescriptorWhoseLengthTheFileLeavesOpenIsRefused()
    {
        ModelProto model = TinyModel.Network();
        // All pictures of a batch in one row.
        model.Graph.Node.First(node => node.Name == "describe").With("axis", 0);
        model.Graph.Output.First(output => output.Name == QuantizedModel.Descriptor).Type.TensorType.Shape.Dim[1].DimParam = "m";

        Assert.Contains("N x values is expected", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkThatIsTooSlowIsBrokenOff()
    {
        using LoadedModel model = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        using var tensor = model.Preprocessor.ToTensor(new byte[model.Preprocessor.CropLength]);

        NetworkException problem = Assert.Throws<NetworkException>(() => model.Network.RunWithin(TimeSpan.FromTicks(1), tensor, TimeProvider.System));

        Assert.Contains("no answer within", problem.Message, StringComparison.Ordinal);
        Assert.Equal(model.Labels.Count, model.Network.Run(tensor).Logits.Length);
    }

    /// <summary>The first bytes decide what ONNX Runtime takes a file for, unless it is told.</summary>
    [Fact]
    public void AFileThatBeginsLikeAnotherFormatIsReadAsOnnx()
    {
        ModelProto model = TinyModel.Network();
        model.ProducerName = "ORTM";
        Assert.Equal("ORTM"u8, model.ToByteArray().AsSpan(4, 4));

        using LoadedModel loaded = Load(model);

        Assert.Equal(TinyModel.Labels.Length, loaded.Network.Classes);
    }

    [Fact]
    public void AHugeFileIsNotReadIntoMemory()
    {
        TinyModel.WriteTo(_folder.Path);
        using (FileStream file = File.OpenWrite(Path.Combine(_folder.Path, TinyModel.Name, ModelManifest.ModelFileName)))
            file.SetLength(NetworkFile.LargestBytes + 1);

        Assert.Contains("at most", Assert.Throws<ConfigurationException>(() => ModelFolder.Load(Path.Combine(_folder.Path, TinyModel.Name), threads: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAGoldenPictureAModelIsNotPutInUse()
    {
        TinyModel.WriteTo(_folder.Path, onnx: TinyModel.Network().ToByteArray());
        using ActiveModel models = new(new ModelsOptions { Trained = _folder.Path }, folder => ModelFolder.Load(folder, threads: 1));

        Assert.Contains("no golden picture", Assert.Throws<ConfigurationException>(() => models.Use(TinyModel.Name)).Message, StringComparison.Ordinal);

        Assert.NotEqual(TinyModel.Name, models.Name);
        (int exitCode, _, string errors) = EdgeShelfProcess.Run("model", "verify", Path.Combine(_folder.Path, TinyModel.Name));
        Assert.Equal(2, exitCode);
        Assert.Contains("no golden picture", errors, StringComparison.Ordinal);
    }

    static void Spoil(ModelProto model, string evil)
    {
        GraphProto graph = model.Graph;
        NodeProto gemm = graph.Node.First(node => node.OpType == "Gemm");
        TensorProto weights = graph.Initializer.First(tensor => tensor.Name == "weights");
        switch (evil)
        {
            case "a loop":
                Prepend(model, EndlessLoop());
                graph.Node.First(node => node.OpType == "GlobalAveragePool").Input[0] = "again";
                break;
            case "a branch":
                Prepend(model, new NodeProto { OpType = "If", Name = "if", Input = { "input" }, Output = { "again" } });
                break;
            case "an operator that we never write":
                (gemm.OpType, gemm.Name) = ("MatMul", "product");
                gemm.Input.RemoveAt(2);
                break;
            case "a foreign operator":
                gemm.Domain = "com.example";
                break;
            case "a graph in an attribute":
                gemm.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = new GraphProto() });
                break;
            case "a tensor in an attribute":
                gemm.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = new TensorProto() });
                break;
            case "a function":
                model.Functions.Add(new FunctionProto { Name = "f", Domain = "com.example" });
                break;
            case "weights outside the file":
                weights.RawData = ByteString.Empty;
                weights.DataLocation = TensorProto.Types.DataLocation.External;
                weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Hidden });
                break;
            case "weights at an address":
                weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "*/_ORT_MEM_ADDR_/*" });
                break;
            case "weights without numbers":
                weights.Dims[0] = 1 << 30;
                weights.RawData = ByteString.Empty;
                break;
            case "a shape that overflows to none":
                (weights.Dims[0], weights.Dims[1], weights.RawData) = (1L << 32, 1L << 32, ByteString.Empty);
                break;
            case "weights of text":
                weights.DataType = (int)TensorProto.Types.DataType.String;
                break;
            case "sparse weights":
                graph.SparseInitializer.Add(new SparseTensorProto());
                break;
            case "a window that makes the picture huge":
                Prepend(model, new NodeProto { OpType = "MaxPool", Name = "pool of pads", Input = { "input" }, Output = { "again" } }
                    .With(new Window([1, 1], [1, 1], [40000, 40000, 40000, 40000], [1, 1])));
                break;
            case "a pooling with pads":
                graph.Node.First(node => node.OpType == "AveragePool").With("pads", [40000, 40000, 40000, 40000]);
                break;
            case "a pooling that does not fit":
                graph.Node.First(node => node.OpType == "AveragePool").Find("kernel_shape")!.Ints[0] = int.MaxValue;
                break;
            case "a second input":
                graph.Input.Add(new ValueInfoProto { Name = "more" });
                break;
            case "a node without a name or an output":
                graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "features" } });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(evil), evil, null);
        }
    }

    /// <summary>Its condition is true for ever, and there is no limit to its rounds.</summary>
    static NodeProto EndlessLoop()
    {
        GraphProto body = new() { Name = "body" };
        body.Input.Add(Scalar("round", TensorProto.Types.DataType.Int64));
        body.Input.Add(Scalar("going", TensorProto.Types.DataType.Bool));
        body.Input.Add(new ValueInfoProto { Name = "carried", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } } });
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "going" }, Output = { "still" } });
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "carried" }, Output = { "passed" } });
        body.Output.Add(Scalar("still", TensorProto.Types.DataType.Bool));
        body.Output.Add(new ValueInfoProto { Name = "passed", Type = body.Input[2].Type });
        NodeProto loop = new() { OpType = "Loop", Name = "loop", Input = { "", "", "input" }, Output = { "again" } };
        loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        return loop;
    }

    static ValueInfoProto Scalar(string name, TensorProto.Types.DataType type) =>
        new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() } } };

    static void Prepend(ModelProto model, params NodeProto[] nodes)
    {
        foreach (NodeProto node in nodes.Reverse())
            model.Graph.Node.Insert(0, node);
    }

    LoadedModel Load(ModelProto model) => ModelFolder.Load(
        Path.Combine(TinyModel.WriteTo(_folder.Path, onnx: model.ToByteArray()), TinyModel.Name), threads: 1);

    string Refusal(ModelProto model) => Assert.Throws<ConfigurationException>(() => Load(model)).Message;
}
