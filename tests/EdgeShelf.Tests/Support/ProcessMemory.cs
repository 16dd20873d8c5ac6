using System.Globalization;

namespace EdgeShelf.Tests.Support;

/// <summary>The memory of a process, by the kernel's file `status` of it (proc(5)).</summary>
static class ProcessMemory
{
    /// <summary>The highest resident memory so far, in kB.</summary>
    public static long Peak(int process) => Read(process, "VmHWM:");

    /// <summary>Resident memory that belongs to no file, in kB.</summary>
    public static long Anonymous(int process) => Read(process, "RssAnon:");

    static long Read(int process, string key) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
