using System.Numerics.Tensors;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>The descriptor of an INT8 network against the average of the FP32 network's last map, taken here number by number.</summary>
public sealed class DescriptorPoolTests
{
    /// <summary>A map of 16 x 16 has quarters of 8 x 8; in one of 17 x 17, quarters of 9 x 9 share the middle row and column.</summary>
    [Theory]
    [InlineData(32, 8, 8)]
    [InlineData(34, 9, 8)]
    public void EachChannelIsAveragedOverFourQuartersOfTheMap(int side, int window, int stride)
    {
        ModelInput input = new() { Resize = side, Crop = side };
        FloatNetwork network = SmallNetwork.Create() with { Height = side, Width = side };

        DescriptorPool? pool = DescriptorPool.Find(network, out string? why);

        Assert.Null(why);
        Assert.Equal(("c", 8, 32), (pool!.Map, pool.Channels, pool.Values));
        Assert.Equal([window, window], pool.Window.Kernel);
        Assert.Equal([stride, stride], pool.Window.Strides);
        byte[][] scenes = [.. Enumerable.Range(0, 8).Select(seed => PicturesOf.Scene(64, 48, seed, SKEncodedImageFormat.Png))];
        // The lowest was .999996. Two quarters in each other's place give .997 at most.
        Assert.All(Cosines(network, input, scenes, scenes), cosine => Assert.InRange(cosine, 0.9999f, 1.0001f));
    }

    /// <summary>Pictures that were not calibrated on: .9964 was the lowest, .9975 the mean. Two quarters in each other's place give .94 at most.</summary>
    [Fact]
    public void OnRealPicturesItIsThatOfTheFloatNetwork()
    {
        Assert.SkipUnless(Checkout.GroceryPictures is not null, "the grocery pictures are not here (EDGESHELF_DATASET)");
        string onnx = Path.Combine(Checkout.GroceryPictures!, "..", "..", "weights", "resnet18-grocery-fp32.onnx");
        Assert.SkipUnless(File.Exists(onnx), "resnet18-grocery-fp32.onnx is not beside the grocery pictures");

        float[] cosines = [.. Cosines(NetworkReader.Read(OnnxModelFile.Read(onnx)), new ModelInput { Resize = 288, Crop = 256 }, Some("train.csv"), Some("devtest.csv"))];

        Assert.Equal(32, cosines.Length);
        Assert.All(cosines, cosine => Assert.InRange(cosine, 0.995f, 1.0001f));
    }

    static byte[][] Some(string list) =>
        [.. PictureList.Spread(PictureList.ReadAny(Path.Combine(Checkout.GroceryPictures!, list), null), 32).Select(picture => File.ReadAllBytes(picture.Path))];

    static IEnumerable<float> Cosines(FloatNetwork network, ModelInput input, byte[][] calibration, byte[][] pictures)
    {
        network = network with { Height = input.Crop, Width = input.Crop };
        string map = DescriptorPool.Find(network, out _)!.Map;
        Preprocessor floats = new(input with { Type = "float32" });
        QuantizedNetwork quantized = Quantizer.Quantize(
            network, () => calibration.Select(picture => floats.ToTensor(Crop(picture, floats))), input, new QuantizerSettings(), null, TestContext.Current.CancellationToken);
        using Network int8 = new(quantized.Model, quantized.Input, quantized.Outputs, threads: 1);
        Preprocessor codes = new(quantized.Input);
        using SessionOptions options = Network.SessionOptions(threads: 1);
        using InferenceSession float32 = new(FloatModel.Write(network, [map]), options);
        using RunOptions runOptions = new();
        foreach (byte[] picture in pictures)
        {
            byte[] crop = Crop(picture, codes);
            using OrtValue codeTensor = codes.ToTensor(crop);
            using OrtValue floatTensor = floats.ToTensor(crop);
            using IDisposableReadOnlyCollection<OrtValue> outputs = float32.Run(runOptions, [FloatModel.Input], [floatTensor], [FloatModel.Rename(network, map)]);
            float[] expected = Descriptor.Of(Quarters(outputs[0]));
            float[] found = Descriptor.Of(int8.Run(codeTensor).DescriptorOf(0));
            Assert.Equal(expected.Length, found.Length);
            yield return TensorPrimitives.CosineSimilarity<float>(expected, found);
        }
    }

    /// <summary>As PyTorch's adaptive_avg_pool2d(2): from the rounded-down to the rounded-up part of the side.</summary>
    static float[] Quarters(OrtValue map)
    {
        long[] shape = map.GetTensorTypeAndShape().Shape;
        (int channels, int height, int width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        ReadOnlySpan<float> values = map.GetTensorDataAsSpan<float>();
        float[] quarters = new float[channels * 4];
        for (int index = 0; index < quarters.Length; index++)
        {
            (int channel, int row, int column) = (index / 4, index / 2 % 2, index % 2);
            (int top, int bottom) = (row * height / 2, (((row + 1) * height) + 1) / 2);
            (int left, int right) = (column * width / 2, (((column + 1) * width) + 1) / 2);
            double sum = 0;
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                    sum += values[(((channel * height) + y) * width) + x];
            }

            quarters[index] = (float)(sum / ((bottom - top) * (right - left)));
        }

        return quarters;
    }

    static byte[] Crop(byte[] encoded, Preprocessor preprocessor)
    {
        byte[] crop = new byte[preprocessor.CropLength];
        using Picture picture = PictureDecoder.Decode(encoded);
        preprocessor.Crop(picture, crop);
        return crop;
    }
}
