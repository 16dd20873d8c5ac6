using System.Globalization;
using System.Runtime.InteropServices;
using EdgeShelf.Cli;
using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class BenchCommandTests : IDisposable
{
    readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void TheReportIsOneLineWithTheFigures()
    {
        (int exitCode, string output, _) = EdgeShelfProcess.Run("bench", "--report", "--runs", "2", "--threads", "1");

        Assert.Equal(ExitCodes.Fine, exitCode);
        string line = Assert.Single(output.Trim().Split('\n'));
        Assert.StartsWith($"EdgeShelf {ProgramVersion.Text} | ", line, StringComparison.Ordinal);
        Assert.Contains(" | grocery-81 ", line, StringComparison.Ordinal);
        Assert.Contains(", 1 threads | ", line, StringComparison.Ordinal);
        Assert.Matches(@"2 runs, median ms: total [1-9][0-9.]*, decode [0-9.]+, preprocess [0-9.]+, inference [1-9][0-9.]* \(p99 [1-9][0-9.]*\) \| [1-9]\d+ MB resident$", line);
    }

    [Fact]
    public void TheReportNamesTheBoardItsGovernorAndItsThrottling()
    {
        Write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        Write("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        Write("proc/meminfo", "MemTotal:        3884000 kB\n");
        Write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", "4\n");
        Write("sys/class/thermal/thermal_zone0/temp", "81200\n");

        string line = BenchReportLine.Of(Report, Board.Read(_root.Path), Throttling.Read(_root.Path), Thermometer.Read(_root.Path));

        Assert.Contains(
            $" | Raspberry Pi 4 Model B Rev 1.4, Debian GNU/Linux 12 (bookworm), {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, 3792 MB | governor ondemand, 81 °C, THROTTLED | ",
            line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "not throttled")]
    [InlineData("1", "POWER TOO WEAK")]
    [InlineData("50000", "power was too weak since the start")]
    [InlineData("40000", "throttled since the start")]
    [InlineData(null, "throttling unknown")]
    public void TheReportSaysWhetherTheFiguresWereSlowedDown(string? flags, string expected)
    {
        if (flags is not null)
            Write("sys/devices/platform/soc/soc:firmware/get_throttled", flags);

        Assert.Contains($"governor unknown, {expected} | ", BenchReportLine.Of(Report, Board.Read(_root.Path), Throttling.Read(_root.Path), null), StringComparison.Ordinal);
    }

    [Fact]
    public void TuningMeasuresEachNumberOfThreadsAndSaysWhatToSet()
    {
        (int exitCode, string output, _) = EdgeShelfProcess.Run("bench", "--tune", "--runs", "1", "--set", "Vision:Threads=64");

        Assert.Equal(ExitCodes.Fine, exitCode);
        string[] lines = output.Trim().Split('\n');
        string[][] trials = [.. lines[2..^1].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(Enumerable.Range(1, Math.Min(Environment.ProcessorCount, 8)), trials.Select(trial => int.Parse(trial[0], CultureInfo.InvariantCulture)));
        Assert.All(trials, trial => Assert.Equal(5, trial.Length));
        Assert.All(trials.SelectMany(trial => trial), figure => Assert.True(double.Parse(figure, CultureInfo.InvariantCulture) > 0, output));
        Assert.Matches("Vision:Threads is 64. Set \"Vision\": { \"Threads\": [1-8] } in /etc/edgeshelf/edgeshelf.json", lines[^1]);
    }

    [Theory]
    [InlineData(4, new double[] { 100, 60, 40, 30 })]
    [InlineData(3, new double[] { 100, 60, 31, 30 })]
    [InlineData(2, new double[] { 100, 60, 70, 80 })]
    [InlineData(1, new double[] { 100, 100, 99, 97 })]
    public void AThreadThatGainsLittleIsLeftOut(int expected, double[] milliseconds) =>
        Assert.Equal(expected, BenchTuning.Best([.. milliseconds.Select((time, i) => new ThreadTrial(i + 1, [time]))]).Threads);

    [Fact]
    public void WhatIsSetWellIsLeftAsItIs() =>
        Assert.EndsWith("Vision:Threads is 2 already. Change nothing.", BenchTuning.Advice([new ThreadTrial(1, [50]), new ThreadTrial(2, [30])], now: 2), StringComparison.Ordinal);

    [Theory]
    [InlineData("--report", "--json")]
    [InlineData("--tune", "--report")]
    [InlineData("--tune", "--threads", "2")]
    public void WhatCannotBeDoneAtOnceIsRefused(params string[] options)
    {
        (int exitCode, _, string errors) = EdgeShelfProcess.Run(["bench", .. options]);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("--tune", errors, StringComparison.Ordinal);
    }

    static BenchReport Report
    {
        get
        {
            Percentiles time = new(1, 2, 3, 4, 5);
            return new BenchReport("picture.jpg", 640, 480, "grocery-81", 4, 100, time, time, time, time, time, time, time, time, time, 0, "", 100, "1.3.0");
        }
    }

    void Write(string path, string text)
    {
        string file = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
