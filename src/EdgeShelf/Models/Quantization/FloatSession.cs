using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models.Quantization;

/// <summary>An FP32 network in ONNX Runtime on one thread, one picture at a time. <see cref="Run"/> is safe from several threads.</summary>
sealed class FloatSession : IDisposable
{
    readonly InferenceSession _session;
    readonly RunOptions _options = new();

    public FloatSession(byte[] model)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(model, options);
    }

    /// <param name="picture">Normalized [3, side, side].</param>
    public IDisposableReadOnlyCollection<OrtValue> Run(float[] picture, int side, IReadOnlyCollection<string> outputs)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(picture, [1, 3, side, side]);
        return _session.Run(_options, [FloatModel.Input], [input], outputs);
    }

    /// <summary>The logits of one picture.</summary>
    public float[] Classify(float[] picture, int side)
    {
        using IDisposableReadOnlyCollection<OrtValue> results = Run(picture, side, [FloatModel.Logits]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }
}
