using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli;

/// <summary>Writes one line about a board and its figures, which people paste into an issue.</summary>
static class BenchReportLine
{
    /// <param name="throttling">The firmware's flags after the measurement, or null if the board has none.</param>
    /// <param name="celsius">The temperature after the measurement, or null if the board has no sensor.</param>
    public static string Of(BenchReport report, Board board, Throttling? throttling, double? celsius)
    {
        string temperature = celsius is { } degrees ? string.Create(CultureInfo.InvariantCulture, $"{degrees:0} °C, ") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"EdgeShelf {ProgramVersion.Text} | {board} | governor {board.Governor ?? "unknown"}, {temperature}{Text(throttling)} | {report.Model} {report.ModelVersion}, {report.Threads} threads | "
                + $"{report.Width} x {report.Height}, {report.Runs} runs, median ms: total {report.Total.Median:0.0}, decode {report.Decode.Median:0.0}, preprocess {report.Preprocess.Median:0.0}, "
                + $"inference {report.Inference.Median:0.0} (p99 {report.Inference.P99:0.0}) | {report.RssMb:0} MB resident");
    }

    static string Text(Throttling? throttling) => throttling switch
    {
        null => "throttling unknown",
        { WeakPowerNow: true } => "POWER TOO WEAK",
        { SlowNow: true } => "THROTTLED",
        { WeakPowerBefore: true } => "power was too weak since the start",
        { SlowBefore: true } => "throttled since the start",
        _ => "not throttled",
    };
}
