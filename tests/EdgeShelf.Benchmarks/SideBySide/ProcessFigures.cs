using System.Globalization;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Reads what the kernel counts for a process (proc(5)).</summary>
static class ProcessFigures
{
    /// <summary>Unit of the processor times in `stat`, in seconds. It is the same on all of Linux's processors.</summary>
    const double Tick = 0.01;

    /// <summary>Position of utime among the fields of `stat` after the name; stime, cutime and cstime follow it.</summary>
    const int FirstTime = 11;

    /// <summary>Processor time of all threads, and of children that have ended, in seconds.</summary>
    public static double CpuSeconds(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        // The name of the program stands in brackets, and may itself contain brackets and spaces.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(FirstTime).Take(4).Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) * Tick;
    }

    /// <summary>Resident memory and the part of it that belongs to no file, as the kernel keeps count of it all the time.</summary>
    public static Memory Now(int process) => Read($"/proc/{process}/status", "VmRSS:", "RssAnon:");

    /// <summary>The same, counted page by page. It is exact, and takes a few milliseconds.</summary>
    public static Memory Exact(int process) => Read($"/proc/{process}/smaps_rollup", "Rss:", "Anonymous:");

    /// <summary>The highest resident memory since the start, in MB.</summary>
    public static double PeakResident(int process) => Megabytes(File.ReadLines($"/proc/{process}/status"), "VmHWM:");

    static Memory Read(string file, string resident, string anonymous)
    {
        string[] lines = File.ReadAllLines(file);
        return new Memory(Megabytes(lines, resident), Megabytes(lines, anonymous));
    }

    static double Megabytes(IEnumerable<string> lines, string key) => long.Parse(
        lines.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024 / 1e6;
}

/// <summary>The memory of a process, in MB.</summary>
readonly record struct Memory(double Resident, double Anonymous);
