using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeShelf.Platform;

/// <summary>The computer and its operating system.</summary>
/// <param name="Model">The board's name from the device tree, or null on computers without one.</param>
/// <param name="System">Name and version of the distribution.</param>
/// <param name="Megabytes">Memory that the kernel manages, or null if it does not say.</param>
/// <param name="Governor">What decides the processor's frequency, for example `ondemand`, or null if the kernel does not change the frequency.</param>
sealed record Board(string? Model, string System, Architecture Architecture, int Cores, long? Megabytes, string? Governor)
{
    /// <param name="root">The root of the file system. Tests pass another folder.</param>
    public static Board Read(string root = "/") => new(
        // Strings in the device tree end with a NUL.
        SystemFile.Read(root, "proc/device-tree/model")?.TrimEnd('\0'),
        SystemFile.Value(root, "etc/os-release", "PRETTY_NAME=")?.Trim('"') ?? "unknown system",
        RuntimeInformation.ProcessArchitecture,
        Environment.ProcessorCount,
        SystemFile.Value(root, "proc/meminfo", "MemTotal:") is { } total
            && long.TryParse(total.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes / 1024 : null,
        SystemFile.Read(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));

    /// <summary>Board, system, architecture, cores and memory in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Model ?? "computer without a device tree"}, {System}, {Architecture}, {Cores} cores, {Megabytes?.ToString(CultureInfo.InvariantCulture) ?? "?"} MB");
}
