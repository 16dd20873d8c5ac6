using System.Diagnostics;
using System.Globalization;

namespace EdgeShelf.Tests.Chaos;

/// <summary>What a process holds over time, and whether it holds more and more.</summary>
sealed class ProcessSamples
{
    /// <summary>A younger process is still growing into its work.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    /// <summary>Memory goes up and down with each picture, so a point in time is the mean of so many samples.</summary>
    const int Window = 24;

    readonly List<Sample> _samples = [];

    public void Take(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            TimeSpan age = TimeProvider.System.GetLocalNow().DateTime - process.StartTime;
            if (age >= Settled)
                _samples.Add(new Sample(id, age.TotalHours, process.WorkingSet64 / 1e6, AnonymousBytes(id) / 1e6, Directory.GetFiles($"/proc/{id}/fd").Length, process.Threads.Count));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // Killed between two looks.
        }
    }

    public string Report()
    {
        if (_samples.Count == 0)
            return $"no process lived for {Settled.TotalMinutes:0} min, so none was measured";
        Sample[] longest = [.. _samples.GroupBy(sample => sample.Process).MaxBy(life => life.Count())!];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_samples.Count} samples of processes older than {Settled.TotalMinutes:0} min: memory at most {_samples.Max(sample => sample.Megabytes):0} MB, {Slope(sample => sample.Megabytes):+0.0;-0.0} MB an hour, "
            + $"of it anonymous at most {_samples.Max(sample => sample.Anonymous):0} MB, {Slope(sample => sample.Anonymous):+0.0;-0.0} MB an hour; "
            + $"descriptors at most {_samples.Max(sample => sample.Descriptors):0}, {Slope(sample => sample.Descriptors):+0.0;-0.0} an hour; threads at most {_samples.Max(sample => sample.Threads):0}, {Slope(sample => sample.Threads):+0.0;-0.0} an hour; "
            + $"the longest life, from {longest[0].Hours * 60:0} to {longest[^1].Hours * 60:0} min, at its start, middle and end: memory {Points(longest, sample => sample.Megabytes)} MB, anonymous {Points(longest, sample => sample.Anonymous)} MB, "
            + $"descriptors {Points(longest, sample => sample.Descriptors)}");
    }

    static string Points(Sample[] life, Func<Sample, double> value)
    {
        int width = Math.Min(Window, life.Length);
        return string.Join(", ", new[] { 0, (life.Length - width) / 2, life.Length - width }
            .Select(start => life.Skip(start).Take(width).Average(value).ToString("0.0", CultureInfo.InvariantCulture)));
    }

    /// <summary>Of /proc/PID/status, which counts in KiB.</summary>
    static double AnonymousBytes(int id) => File.ReadLines($"/proc/{id}/status")
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Select(line => 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .FirstOrDefault();

    /// <summary>Least squares over the age, each process around its own mean: what one starts with says nothing of a leak.</summary>
    double Slope(Func<Sample, double> value)
    {
        double products = 0, squares = 0;
        foreach (IGrouping<int, Sample> life in _samples.GroupBy(sample => sample.Process))
        {
            double meanAge = life.Average(sample => sample.Hours), meanValue = life.Average(value);
            products += life.Sum(sample => (sample.Hours - meanAge) * (value(sample) - meanValue));
            squares += life.Sum(sample => (sample.Hours - meanAge) * (sample.Hours - meanAge));
        }
        return squares == 0 ? 0 : products / squares;
    }

    sealed record Sample(int Process, double Hours, double Megabytes, double Anonymous, double Descriptors, double Threads);
}
