using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Quantization;
using Onnx;

namespace EdgeShelf.Benchmarks;

/// <summary>The shipped INT8 network against an FP32 network, such as its original, both in ONNX Runtime, one picture at a time.</summary>
static class InferenceBenchmark
{
    public static void Run(string? fp32Path)
    {
        if (fp32Path is null)
        {
            Console.WriteLine("INT8 was not compared with FP32: give --fp32 MODEL.onnx.");
            return;
        }
        string folder = new ModelStore(new ModelsOptions()).Find(new ModelsOptions().Name);
        using LoadedModel int8 = ModelFolder.Load(folder, threads: 1);
        // The other network may have another size, or take any size.
        ModelInput input = int8.Manifest.Input;
        ModelProto model = OnnxModelFile.Read(fp32Path);
        long side = model.Graph.Input[0].Type.TensorType.Shape.Dim[^1].DimValue;
        ModelInput floats = input with { Name = FloatModel.Input, Type = "float32", Crop = side > 0 ? (int)side : input.Crop };
        // Written anew, as `model eval --fp32` does, because the service loads only what it writes itself.
        using Network fp32 = new(FloatModel.Write(NetworkReader.Read(model)), floats, new ModelOutputs { Features = null }, threads: 1);
        Comparison.Print(
            $"INT8 at {input.Crop}; other: FP32 at {floats.Crop}, 1 thread, batch 1", Classification(int8.Network, int8.Preprocessor), Classification(fp32, new Preprocessor(floats)));
        Comparison.Print("INT8 file, MB; other: FP32", FileMegabytes(Path.Combine(folder, ModelManifest.ModelFileName)), FileMegabytes(fp32Path));
    }

    static Action Classification(Network network, Preprocessor preprocessor)
    {
        byte[] crop = new byte[preprocessor.CropLength];
        new Random(1).NextBytes(crop);
        return () =>
        {
            using var tensor = preprocessor.ToTensor(crop);
            network.Run(tensor);
        };
    }

    static double FileMegabytes(string path) => new FileInfo(path).Length / 1e6;
}
