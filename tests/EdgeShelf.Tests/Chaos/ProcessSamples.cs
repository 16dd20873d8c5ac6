using System.Diagnostics;
using System.Globalization;

namespace EdgeShelf.Tests.Chaos;

/// <summary>What a process holds over time, and whether it holds more and more.</summary>
sealed class ProcessSamples
{
    /// <summary>A younger process is still growing into its work.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    readonly List<(int Process, double Hours, double Megabytes, double Descriptors, double Threads)> _samples = [];

    public void Take(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            TimeSpan age = TimeProvider.System.GetLocalNow().DateTime - process.StartTime;
            if (age >= Settled)
                _samples.Add((id, age.TotalHours, process.WorkingSet64 / 1e6, Directory.GetFiles($"/proc/{id}/fd").Length, process.Threads.Count));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // Killed between two looks.
        }
    }

    public string Report() => _samples.Count == 0
        ? $"no process lived for {Settled.TotalMinutes:0} min, so none was measured"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{_samples.Count} samples of processes older than {Settled.TotalMinutes:0} min: memory at most {_samples.Max(sample => sample.Megabytes):0} MB, on average {string.Join(", ", MeansOfThirds())} in three thirds of the time, {Slope(sample => sample.Megabytes):+0.0;-0.0} MB an hour; "
            + $"descriptors at most {_samples.Max(sample => sample.Descriptors):0}, {Slope(sample => sample.Descriptors):+0.0;-0.0} an hour; threads at most {_samples.Max(sample => sample.Threads):0}, {Slope(sample => sample.Threads):+0.0;-0.0} an hour");

    IEnumerable<string> MeansOfThirds() => _samples.Chunk(_samples.Count / 3 + 1).Select(third => third.Average(sample => sample.Megabytes).ToString("0.0", CultureInfo.InvariantCulture));

    /// <summary>Least squares over the age, each process around its own mean: what one starts with says nothing of a leak.</summary>
    double Slope(Func<(int Process, double Hours, double Megabytes, double Descriptors, double Threads), double> value)
    {
        double products = 0, squares = 0;
        foreach (var life in _samples.GroupBy(sample => sample.Process))
        {
            double meanAge = life.Average(sample => sample.Hours), meanValue = life.Average(value);
            products += life.Sum(sample => (sample.Hours - meanAge) * (value(sample) - meanValue));
            squares += life.Sum(sample => (sample.Hours - meanAge) * (sample.Hours - meanAge));
        }
        return squares == 0 ? 0 : products / squares;
    }
}
