using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Models.Making.Quantization;
using Google.Protobuf;
using Onnx;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A whole model folder with a real network of a few hundred bytes, for tests of what is around it. It answers by the
/// picture's mean colour: red, green or blue. Its descriptor is the mean colour of each quarter.
/// </summary>
static class TinyModel
{
    public const string Name = "tiny";
    public static readonly string[] Labels = ["Red-Apple", "Green-Pear", "Blue-Plum", "Nothing"];

    /// <summary>Values in a descriptor: three channels on a 2 x 2 grid.</summary>
    public const int Descriptors = 12;

    const int Side = 32;
    const string Golden = "golden.png";

    /// <returns>The folder that holds the model's own folder, for `Models:Trained`.</returns>
    /// <param name="onnx">Another network in its place, which answers otherwise; the model then has no golden picture.</param>
    /// <param name="name">The name of the folder and in the manifest.</param>
    /// <param name="isGoldenSure">Gives another network the golden answer too: red, with certainty.</param>
    public static string WriteTo(string models, double sharpness = 20, byte[]? onnx = null, string name = Name, bool isGoldenSure = false)
    {
        string folder = Directory.CreateDirectory(Path.Combine(models, name)).FullName;
        bool isOwn = onnx is null || isGoldenSure;
        onnx ??= Network((float)sharpness).ToByteArray();
        byte[] red = Red();
        File.WriteAllBytes(Path.Combine(folder, Golden), red);
        // Softmax of the logits sharpness, 0, 0 and 0.
        double confidence = isGoldenSure ? 1 : 1 / (1 + (3 * Math.Exp(-sharpness)));
        File.WriteAllBytes(Path.Combine(folder, ModelManifest.ModelFileName), onnx);
        bool describes = ModelProto.Parser.ParseFrom(onnx).Graph.Output.Any(output => output.Name == QuantizedModel.Descriptor);
        byte[] mean = DescriptorMean.ToBytes([.. Enumerable.Repeat(0.5f, Descriptors)]);
        string csv = "index,label,name,sku\n" + string.Join('\n', Labels.Select((label, index) => $"{index},{label},{label.Replace('-', ' ')},")) + "\n";
        File.WriteAllText(Path.Combine(folder, ModelManifest.LabelsFileName), csv);
        if (describes)
            File.WriteAllBytes(Path.Combine(folder, DescriptorMean.FileName), mean);
        ModelManifest manifest = new()
        {
            Name = name,
            Version = "1.0.0",
            Files = new (string Name, byte[] Bytes)[]
            {
                (ModelManifest.ModelFileName, onnx), (Golden, red), (ModelManifest.LabelsFileName, System.Text.Encoding.UTF8.GetBytes(csv)), (DescriptorMean.FileName, mean),
            }.Where(file => describes || file.Name != DescriptorMean.FileName).ToDictionary(file => file.Name, file => Convert.ToHexStringLower(SHA256.HashData(file.Bytes))),
            Outputs = new ModelOutputs { Descriptor = describes ? QuantizedModel.Descriptor : null },
            Input = new ModelInput { Type = "float32", Resize = Side, Crop = Side, Mean = [0, 0, 0], Std = [1, 1, 1] },
            Golden = isOwn ? new GoldenAnswer(Golden, [new GoldenPrediction(Labels[0], confidence)]) : null,
        };
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), JsonSerializer.Serialize(manifest, ModelManifest.Json));
        return models;
    }

    public static LoadedModel Load(string models) => ModelFolder.Load(Path.Combine(WriteTo(models), Name), threads: 1);

    static byte[] Red()
    {
        using SKBitmap bitmap = new(Side, Side);
        bitmap.Erase(SKColors.Red);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>A network whose first logit is infinite for a bright picture, and that answers red otherwise.</summary>
    public static byte[] FailsWithBrightPictures() => Network(firstClass: 3e38f).ToByteArray();

    /// <summary>The network, to be spoiled by a test.</summary>
    /// <param name="firstClass">The weight of each channel for the first class; null as in the others: its own channel only.</param>
    public static ModelProto Network(float sharpness = 20, float? firstClass = null)
    {
        OnnxGraphWriter graph = new();
        graph.AddInput("input", TensorProto.Types.DataType.Float, "n", 3, Side, Side);
        graph.AddOutput("logits", "n", Labels.Length);
        graph.AddOutput("features", "n", 3);
        graph.AddOutput(QuantizedModel.Descriptor, "n", Descriptors);
        graph.AddNode("GlobalAveragePool", "pool", "pooled", "input");
        graph.AddNode("Flatten", "flatten", "features", "pooled");
        // Three channels to four classes.
        float[] weights = [firstClass ?? sharpness, 0, 0, 0, firstClass ?? 0, sharpness, 0, 0, firstClass ?? 0, 0, sharpness, 0];
        graph.AddWeights<float>("weights", TensorProto.Types.DataType.Float, weights, 3, Labels.Length);
        graph.AddWeights<float>("bias", TensorProto.Types.DataType.Float, [0, 0, 0, 0], Labels.Length);
        graph.AddNode("Gemm", "gemm", "logits", "features", "weights", "bias");
        graph.AddNode("AveragePool", "quarters", "quartered", "input").With("kernel_shape", [Side / 2, Side / 2]).With("strides", [Side / 2, Side / 2]);
        graph.AddNode("Flatten", "describe", QuantizedModel.Descriptor, "quartered");
        return ModelProto.Parser.ParseFrom(graph.ToBytes());
    }
}
