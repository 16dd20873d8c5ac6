using EdgeShelf.Models;

namespace EdgeShelf.Benchmarks;

/// <summary>The shipped INT8 network against its FP32 original, both in ONNX Runtime, one picture at a time.</summary>
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
        ModelInput floats = int8.Manifest.Input with { Type = "float32" };
        Preprocessor preprocessor = new(floats);
        using Network fp32 = new(File.ReadAllBytes(fp32Path), floats, int8.Manifest.Outputs with { Descriptor = null }, threads: 1);
        byte[] crop = new byte[preprocessor.CropLength];
        new Random(1).NextBytes(crop);
        Comparison.Print("INT8; other: FP32, 1 thread, batch 1", () => Classify(int8.Network, int8.Preprocessor, crop), () => Classify(fp32, preprocessor, crop));
        Comparison.Print("INT8 file, MB; other: FP32", FileMegabytes(Path.Combine(folder, ModelManifest.ModelFileName)), FileMegabytes(fp32Path));
    }

    static void Classify(Network network, Preprocessor preprocessor, byte[] crop)
    {
        using var tensor = preprocessor.ToTensor(crop);
        network.Run(tensor);
    }

    static double FileMegabytes(string path) => new FileInfo(path).Length / 1e6;
}
