using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Runs the FP32 network on pictures and collects statistics of every tensor that becomes INT8.</summary>
static class Calibration
{
    /// <param name="pictures">Called once for each pass. Returns normalized [1, 3, side, side] tensors, which this method disposes.</param>
    /// <param name="progress">Receives the number of pictures done, over both passes.</param>
    /// <returns>The statistics by tensor name, without the network's input.</returns>
    /// <exception cref="ConfigurationException">There is no picture, or the network gives NaN.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Run(
        FloatNetwork network, Func<IEnumerable<OrtValue>> pictures, bool histograms, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        string[] watched = [.. network.Layers
            .Where(layer => layer is ConvolutionLayer or AdditionLayer or MaxPoolLayer or GlobalPoolLayer).Select(layer => layer.Output)];
        Dictionary<string, TensorStatistics> statistics = watched.ToDictionary(name => name, _ => new TensorStatistics());
        string[] outputs = [.. watched.Select(name => FloatModel.Rename(network, name))];
        using SessionOptions sessionOptions = Network.SessionOptions(threads: Environment.ProcessorCount);
        using InferenceSession session = new(FloatModel.Write(network, watched), sessionOptions);
        using RunOptions options = new();

        int done = 0;
        foreach (bool filling in histograms ? [false, true] : new[] { false })
        {
            foreach (OrtValue tensor in pictures())
            {
                using OrtValue picture = tensor;
                cancellationToken.ThrowIfCancellationRequested();
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [FloatModel.Input], [picture], outputs);
                for (int index = 0; index < watched.Length; index++)
                    Watch(statistics[watched[index]], results[index], filling, watched[index]);
                done++;
                progress?.Report(done);
            }
        }

        return done > 0
            ? statistics
            : throw new ConfigurationException("There is no calibration picture.", "Name a folder or list with 256 to 512 pictures like those the camera takes.");
    }

    static void Watch(TensorStatistics statistics, OrtValue value, bool filling, string name)
    {
        ReadOnlySpan<float> values = value.GetTensorDataAsSpan<float>();
        if (filling)
        {
            statistics.AddToHistogram(values);
            return;
        }

        statistics.AddToRange(values, (int)value.GetTensorTypeAndShape().Shape[1]);
        if (!float.IsFinite(statistics.Min) || !float.IsFinite(statistics.Max))
        {
            throw new ConfigurationException(
                $"The tensor {name} holds {statistics.Min} to {statistics.Max} on a calibration picture.",
                "The network overflows: its weights are damaged, or it expects another normalization (--mean, --std).");
        }
    }
}
