using EdgeShelf.Models;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>What a network becomes on ARM64 when it is loaded.</summary>
public sealed class SignedCodesTests
{
    static string ModelFile => Path.Combine(ModelCopy.Shipped, ModelManifest.ModelFileName);

    /// <summary>Without optimizations the codes are numbers in float on every processor, and the same numbers give the same answers.</summary>
    [Fact]
    public void TheAnswersAreEqualToTheLastBit()
    {
        ModelProto model = Read();
        using LoadedModel loaded = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        byte[] crop = new byte[loaded.Preprocessor.CropLength];
        new Random(1).NextBytes(crop);
        using OrtValue unsigned = loaded.Preprocessor.ToTensor(crop);
        using OrtValue signed = SignedCodes.Of(unsigned);

        float[][] before = Outputs(model, unsigned);
        Assert.True(SignedCodes.TryApply(model));
        float[][] after = Outputs(model, signed);

        Assert.Equal(3, before.Length);
        Assert.Equal(before, after);
    }

    [Fact]
    public void ANetworkWithSignedCodesTakesTheSameTensor()
    {
        using LoadedModel loaded = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        using Network signed = new(File.ReadAllBytes(ModelFile), loaded.Manifest.Input, loaded.Manifest.Outputs, threads: 1, signed: true);
        using Network unsigned = new(File.ReadAllBytes(ModelFile), loaded.Manifest.Input, loaded.Manifest.Outputs, threads: 1, signed: false);
        using OrtValue tensor = loaded.Preprocessor.ToTensor(PictureCrop.Read(Path.Combine(ModelCopy.Shipped, loaded.Manifest.Golden!.Picture), loaded.Preprocessor));

        float[] expected = unsigned.Run(tensor).Logits, found = signed.Run(tensor).Logits;

        Assert.True(signed.HasSignedCodes);
        Assert.False(unsigned.HasSignedCodes);
        // On x64 a part of it is computed in float, which rounds differently.
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second, pair.First - 0.5, pair.First + 0.5));
    }

    [Fact]
    public void ANetworkThatUsesUnsignedBytesOtherwiseStaysAsItIs()
    {
        ModelProto model = Read();
        NodeProto convolution = model.Graph.Node.First(node => node.OpType == "Conv");
        convolution.Input.Add(model.Graph.Initializer.First(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Uint8).Name);
        byte[] before = model.ToByteArray();

        Assert.False(SignedCodes.TryApply(model));
        Assert.Equal(before, model.ToByteArray());
    }

    static ModelProto Read() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelFile));

    static float[][] Outputs(ModelProto model, OrtValue tensor)
    {
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };
        using InferenceSession session = new(model.ToByteArray(), options);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [model.Graph.Input[0].Name], [tensor], [.. model.Graph.Output.Select(output => output.Name)]);
        return [.. outputs.Select(output => output.GetTensorDataAsSpan<float>().ToArray())];
    }
}
