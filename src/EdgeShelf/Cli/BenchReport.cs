using System.Text.Json.Serialization;

namespace EdgeShelf.Cli;

/// <summary>What `bench` measured; the shape of `--json`. The fields are fixed; new ones may be added.</summary>
sealed record BenchReport(
    string Picture, int Width, int Height, string Model, int Threads, int Runs, Percentiles Hash, Percentiles Check, Percentiles Decode, Percentiles Preprocess,
    Percentiles Quality, Percentiles Signature, Percentiles Inference, Percentiles Total, Percentiles Thumbnail, long AllocatedBytes,
    [property: JsonPropertyName("pixels_sha256")] string PixelsSha256, double RssMb, string ModelVersion)
{
    [JsonIgnore]
    public IEnumerable<(string Name, Percentiles Time)> Stages =>
    [
        ("hash", Hash), ("decode", Decode), (" check", Check), ("preprocess", Preprocess), ("quality", Quality), ("signature", Signature),
        ("inference", Inference), ("total", Total), ("thumbnail", Thumbnail),
    ];
}

/// <summary>Percentiles of measured times, in milliseconds.</summary>
sealed record Percentiles(double Min, double Median, double P90, double P99, double Max)
{
    public static Percentiles Of(IEnumerable<BenchRun> runs, Func<BenchRun, TimeSpan> stage) => Of(runs.Select(stage));

    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        // Nearest-rank percentile.
        double At(double share) => Math.Round(sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)], 3);
        return new Percentiles(At(0), At(0.5), At(0.9), At(0.99), At(1));
    }
}
