using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>Networks as PyTorch exports them, quantized and run.</summary>
public sealed class TorchNetworkTests
{
    static readonly ModelInput Small = new() { Resize = 72, Crop = 64, Type = "float32" };

    [Theory]
    [InlineData(11, "--fixed-batch", "--keep-batch-norm")]
    [InlineData(13, "--classes=81", "--features")]
    [InlineData(17, "--softmax")]
    [InlineData(14, "--plain", "--fixed-batch")]
    [InlineData(14, "--plain", "--keep-batch-norm")]
    public void AResNet18BecomesAllIntegerAndAnswersAsItsFloatSelf(int opset, params string[] options)
    {
        string path = TorchNetwork.Export([$"--opset={opset}", "--size=64", .. options]);

        (QuantizedNetwork quantized, FloatNetwork network) = Quantize(OnnxModelFile.Read(path), Small);

        OptimizedGraph.Of(quantized.Model).MustBeInteger(convolutions: 20, additions: 8);
        Assert.True(SignalToNoise(network, quantized, Small) > 20, $"the logits' signal-to-noise ratio is {SignalToNoise(network, quantized, Small):0.0} dB");
    }

    [Fact]
    public void AResNet50With1000ClassesAt224BecomesAllInteger()
    {
        string path = TorchNetwork.Export("--arch=resnet50");

        (QuantizedNetwork quantized, _) = Quantize(OnnxModelFile.Read(path), Small with { Resize = 256, Crop = 224 }, pictures: 1);

        OptimizedGraph.Of(quantized.Model).MustBeInteger(convolutions: 53, additions: 16);
    }

    [Theory]
    [InlineData(18)]
    [InlineData(21)]
    public void NewerOpsetsThanPyTorchWritesHereAreTaken(int opset)
    {
        ModelProto model = OnnxModelFile.Read(TorchNetwork.Export("--opset=17", "--size=64", "--softmax"));
        // None of a ResNet's operators changed its meaning from 17 to 21.
        model.OpsetImport[0].Version = opset;

        (QuantizedNetwork quantized, _) = Quantize(model, Small);

        OptimizedGraph.Of(quantized.Model).MustBeInteger(convolutions: 20, additions: 8);
    }

    [Fact]
    public void FoldingLeavesTheFloatAnswerAlone()
    {
        string path = TorchNetwork.Export("--opset=11", "--size=64", "--fixed-batch", "--keep-batch-norm");
        FloatNetwork network = NetworkReader.Read(OnnxModelFile.Read(path));

        // As it was exported, with the operators that only folding takes away: straight into the runtime.
        using SessionOptions options = Network.SessionOptions(threads: 1);
        using InferenceSession original = new(path, options);
        using RunOptions runOptions = new();
        using Network folded = new(FloatModel.Write(network), Small, new ModelOutputs { Features = null }, 1);
        using OrtValue picture = Pictures(Small, 1).Single();
        using IDisposableReadOnlyCollection<OrtValue> answers = original.Run(runOptions, [FloatModel.Input], [picture], [FloatModel.Logits]);
        float[] expected = answers[0].GetTensorDataAsSpan<float>().ToArray();
        float[] found = folded.Run(picture).Logits;
        float size = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 1e-4 * size));
    }

    static (QuantizedNetwork Quantized, FloatNetwork Network) Quantize(ModelProto model, ModelInput input, int pictures = 16)
    {
        FloatNetwork network = NetworkReader.Read(model);
        return (Quantizer.Quantize(network, () => Pictures(input, pictures), input, new QuantizerSettings(), null, TestContext.Current.CancellationToken), network);
    }

    static IEnumerable<OrtValue> Pictures(ModelInput input, int count)
    {
        Preprocessor preprocessor = new(input);
        for (int seed = 0; seed < count; seed++)
            yield return preprocessor.ToTensor(Crop(preprocessor, seed));
    }

    static byte[] Crop(Preprocessor preprocessor, int seed)
    {
        byte[] crop = new byte[preprocessor.CropLength];
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene(seed: seed));
        preprocessor.Crop(picture, crop);
        return crop;
    }

    /// <summary>Of the logits, over pictures that were not calibrated on, in decibels.</summary>
    static double SignalToNoise(FloatNetwork network, QuantizedNetwork quantized, ModelInput input)
    {
        using Network before = new Contestant(input, new ModelOutputs { Features = null }, FloatModel.Write(network)).Open();
        using Network after = new Contestant(quantized.Input, new ModelOutputs(), quantized.Model).Open();
        double signal = 0;
        double noise = 0;
        for (int seed = 100; seed < 108; seed++)
        {
            Preprocessor floats = new(input);
            byte[] crop = Crop(floats, seed);
            using OrtValue normalized = floats.ToTensor(crop);
            using OrtValue codes = new Preprocessor(quantized.Input).ToTensor(crop);
            foreach ((float expected, float found) in before.Run(normalized).Logits.Zip(after.Run(codes).Logits))
            {
                signal += expected * expected;
                noise += (expected - found) * (expected - found);
            }
        }

        return 10 * Math.Log10(signal / noise);
    }
}
