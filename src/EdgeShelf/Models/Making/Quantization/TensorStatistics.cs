using System.Numerics.Tensors;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Statistics of one tensor over all calibration pictures: its range, a histogram, and the mean of each channel.</summary>
sealed class TensorStatistics
{
    public const int Bins = 2048;

    long[]? _histogram;
    double[] _channelSums = [];
    long _valuesPerChannel;

    public float Min { get; private set; } = float.PositiveInfinity;

    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>Counts over equal steps from <see cref="Min"/> to <see cref="Max"/>.</summary>
    public IReadOnlyList<long> Histogram => _histogram ?? [];

    public double[] ChannelMeans => [.. _channelSums.Select(sum => sum / _valuesPerChannel)];

    /// <summary>Adds a picture in the first pass.</summary>
    /// <param name="values">One picture's [1, channels, height, width].</param>
    public void AddToRange(ReadOnlySpan<float> values, int channels)
    {
        Min = Math.Min(Min, TensorPrimitives.Min(values));
        Max = Math.Max(Max, TensorPrimitives.Max(values));
        if (_channelSums.Length == 0)
            _channelSums = new double[channels];
        int size = values.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            _channelSums[channel] += TensorPrimitives.Sum(values.Slice(channel * size, size));
        _valuesPerChannel += size;
    }

    /// <summary>Adds a picture in the second pass, over the same pictures.</summary>
    public void AddToHistogram(ReadOnlySpan<float> values)
    {
        _histogram ??= new long[Bins];
        float step = Max > Min ? Bins / (Max - Min) : 0;
        foreach (float value in values)
            _histogram[Math.Clamp((int)((value - Min) * step), 0, Bins - 1)]++;
    }
}
