using EdgeShelf.Models.Making.Quantization;
using Onnx;

namespace EdgeShelf.Tests.Support;

/// <summary>A residual network with random weights that runs in a blink: 32 x 32 pixels, 8 channels.</summary>
static class SmallNetwork
{
    public const int Side = 32;

    public static FloatNetwork Create(int classes = 5, int seed = 1, int stride = 2)
    {
        Random random = new(seed);
        Window three = new([3, 3], [1, 1], [1, 1, 1, 1], [1, 1]);
        return new FloatNetwork(
            "picture", Side, Side,
            [
                Convolution("stem", "picture", "a", three with { Strides = [stride, stride] }, 3, relu: true),
                Convolution("body", "a", "b", three, 8, relu: false),
                new AdditionLayer("sum", "b", "a", "c", Relu: true),
                new GlobalPoolLayer("pool", "c", "d"),
                new FlattenLayer("flat", "d", "e"),
                new LinearLayer("head", "e", "f", classes, Weights(8 * classes), Weights(classes)),
            ],
            []);

        ConvolutionLayer Convolution(string name, string input, string output, Window window, int inputs, bool relu) =>
            new(name, input, output, window, 1, 8, Weights(8 * inputs * 9), Weights(8), relu);

        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    /// <summary>As an ONNX file, to be spoiled by a test.</summary>
    public static ModelProto Onnx(int classes = 5) => ModelProto.Parser.ParseFrom(FloatModel.Write(Create(classes)));
}
