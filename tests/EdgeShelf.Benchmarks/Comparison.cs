using System.Diagnostics;
using System.Globalization;

namespace EdgeShelf.Benchmarks;

/// <summary>Runs two pieces of code in turn, many times, and prints the ratio of their medians.</summary>
static class Comparison
{
    const int WarmUps = 5;

    public static void PrintHeader() => Console.WriteLine($"{"",-62} {"ours ms",9} {"other ms",9} {"other/ours",11}");

    /// <param name="what">What is compared with what.</param>
    public static void Print(string what, Action ours, Action other, int rounds = 60)
    {
        (double oursMedian, double otherMedian) = Medians(ours, other, rounds);
        Print(what, oursMedian, otherMedian);
    }

    /// <summary>Runs both in turn.</summary>
    /// <returns>The medians, in milliseconds.</returns>
    public static (double Ours, double Other) Medians(Action ours, Action other, int rounds)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            ours();
            other();
        }
        double[] oursTimes = new double[rounds], otherTimes = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            oursTimes[i] = Milliseconds(ours);
            otherTimes[i] = Milliseconds(other);
        }
        return (Median(oursTimes), Median(otherTimes));
    }

    public static void Print(string what, double ours, double other) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-62} {ours,9:0.00} {other,9:0.00} {other / ours,11:0.00}"));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    static double Milliseconds(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
