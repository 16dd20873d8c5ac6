using EdgeShelf.Cli;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>The INT8 network and the same network as floats in ONNX Runtime, without a service around them.</summary>
sealed class InProcess : IDisposable
{
    const int Runs = 40;

    readonly LoadedModel _int8;
    readonly InferenceSession _fp32;
    readonly Preprocessor _floats;
    readonly byte[] _crop;

    /// <param name="fp32">Path of the FP32 network, which takes one picture at a time. It runs with ONNX Runtime's default options, as most people run it.</param>
    public InProcess(string model, string fp32, int threads)
    {
        _int8 = ModelFolder.Load(model, threads);
        using SessionOptions options = new() { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _fp32 = new InferenceSession(fp32, options);
        _floats = new Preprocessor(_int8.Manifest.Input with { Type = "float32" });
        _crop = new byte[_floats.CropLength];
    }

    public IReadOnlyList<ClassLabel> Labels => _int8.Labels;

    /// <summary>Medians of the network alone, measured in turn, in milliseconds.</summary>
    public (double Int8, double Fp32) Measure(bool isQuick)
    {
        Read(DemoCommand.SamplePictures()[0]);
        return Comparison.Medians(() => _ = Int8(), () => _ = Fp32(), isQuick ? 5 : Runs);
    }

    /// <summary>Both networks' logits for a picture.</summary>
    public (float[] Int8, float[] Fp32) Logits(string picture)
    {
        Read(picture);
        return (Int8(), Fp32());
    }

    /// <summary>The labels of the FP32 network for a picture, best first.</summary>
    public IEnumerable<string> Top(string picture)
    {
        Read(picture);
        return Best(Fp32()).Select(index => Labels[index].Label);
    }

    /// <summary>Indices of the three highest, highest first.</summary>
    public static int[] Best(float[] logits) => [.. Enumerable.Range(0, logits.Length).OrderByDescending(index => logits[index]).Take(3)];

    public void Dispose()
    {
        _fp32.Dispose();
        _int8.Dispose();
    }

    void Read(string path)
    {
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(path));
        _floats.Crop(picture, _crop);
    }

    float[] Int8()
    {
        using OrtValue tensor = _int8.Preprocessor.ToTensor(_crop);
        return _int8.Network.Run(tensor).Logits;
    }

    float[] Fp32()
    {
        using OrtValue tensor = _floats.ToTensor(_crop);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _fp32.Run(options, ["input"], [tensor], ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
