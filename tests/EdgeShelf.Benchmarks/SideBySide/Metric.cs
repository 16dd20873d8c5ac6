using System.Globalization;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>A row of the comparison.</summary>
/// <param name="Key">File name of its chart.</param>
/// <param name="Title">What is measured, with its unit.</param>
/// <param name="Value">Its value among the figures; null where it does not apply.</param>
/// <param name="Format">Format of the value.</param>
/// <param name="MoreIsBetter">Whether the highest value is the best one.</param>
/// <param name="Why">The likely reason if EdgeShelf is not first here, as a sentence. The benchmark cannot tell whether it is the reason.</param>
/// <param name="HasChart">Whether a chart is drawn of it.</param>
sealed record Metric(string Key, string Title, Func<Figures, double?> Value, string Format, bool MoreIsBetter, string Why, bool HasChart = false)
{
    const string KeptMemory = "EdgeShelf returns the memory of pictures and tensors every 5 s, and not after each picture, because that is faster. The page, the queue and MQTT are in the same process.";

    /// <summary>The share below which a difference counts as chance.</summary>
    const double Noise = 0.03;

    public static IReadOnlyList<Metric> All { get; } =
    [
        new("latency", "One picture, median, ms", figures => figures.Latency, "0.0", false, "The network decides; see its row.", HasChart: true),
        new("network", "The network alone, median, ms", figures => figures.Network, "0.0", false,
            "oneDNN, which PyTorch INT8 uses, multiplies bytes with the same instructions as ONNX Runtime. Without VNNI EdgeShelf takes the kernel that does not saturate, which is slower and keeps the accuracy."),
        new("one-client", "Pictures a second, 1 client", figures => figures.PerSecondOfOne, "0.0", true, "The network decides; see its row."),
        new("many-clients", $"Pictures a second, {Turns.Clients} clients", figures => figures.PerSecondOfMany, "0.0", true,
            "EdgeShelf decodes one picture at a time and runs the network for one at a time, so that memory stays small; the other services take several at once.", HasChart: true),
        new("cpu", "Processor time of 1000 pictures, s", figures => figures.CpuOfThousand, "0.0", false, "The network decides; see its row.", HasChart: true),
        new("start", "Start to the first answer, ms", figures => figures.Start, "0", false,
            "EdgeShelf checks the model's hashes and its golden picture, opens its queue on disk and starts its page before it answers.", HasChart: true),
        new("memory-busy", "Resident memory, one client, MB", figures => figures.Busy?.Resident, "0", false, KeptMemory),
        new("memory-peak", "Resident memory, peak, MB", figures => figures.Peak?.Resident, "0", false, KeptMemory, HasChart: true),
        new("memory-rest", "Resident memory, at rest, MB", figures => figures.Resting?.Resident, "0", false, KeptMemory),
        new("anonymous-busy", "Anonymous memory, one client, MB", figures => figures.Busy?.Anonymous, "0", false, KeptMemory),
        new("anonymous-peak", "Anonymous memory, peak, MB", figures => figures.Peak?.Anonymous, "0", false, KeptMemory),
        new("anonymous-rest", "Anonymous memory, at rest, MB", figures => figures.Resting?.Anonymous, "0", false, KeptMemory),
    ];

    public string Text(Figures figures) => Value(figures) is { } value ? value.ToString(Format, CultureInfo.InvariantCulture) : "";

    /// <summary>EdgeShelf's place: how far the next one is behind, that both are level, or how far it is behind the first one and why.</summary>
    public string Place(IReadOnlyList<Figures> all)
    {
        double ours = Value(all.First(figures => figures.Key == Contender.Ours)) ?? double.NaN;
        Figures best = all.Where(figures => figures.Key != Contender.Ours && Value(figures) is not null)
            .OrderBy(figures => Value(figures) * (MoreIsBetter ? -1 : 1)).First();
        double ratio = MoreIsBetter ? ours / Value(best)!.Value : Value(best)!.Value / ours;
        if (Math.Abs(ratio - 1) < Noise)
            return string.Create(CultureInfo.InvariantCulture, $"level with {best.Title}: {ratio:0.00} times as good");
        return ratio >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"first, {ratio:0.0} times as good as {best.Title}")
            : string.Create(CultureInfo.InvariantCulture, $"**not first**: {best.Title} is {1 / ratio:0.00} times as good. Likely reason, not measured: {Why}");
    }
}
