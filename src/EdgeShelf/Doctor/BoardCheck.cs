using System.Globalization;
using System.Runtime.InteropServices;
using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Reports the computer and the operating system.</summary>
/// <param name="root">The root of the file system; tests use another folder.</param>
sealed class BoardCheck(string root = "/") : DoctorCheck
{
    /// <summary>The service needs up to 120 MB in addition to the system.</summary>
    const long EnoughMegabytes = 400;

    public override string Name => "board";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        // Strings in the device tree end with a NUL.
        string model = SystemFile.Read(root, "proc/device-tree/model")?.TrimEnd('\0') ?? "computer without a device tree";
        string system = SystemFile.Value(root, "etc/os-release", "PRETTY_NAME=")?.Trim('"') ?? "unknown system";
        long? megabytes = SystemFile.Value(root, "proc/meminfo", "MemTotal:") is { } total
            && long.TryParse(total.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes / 1024 : null;
        string found = string.Create(CultureInfo.InvariantCulture,
            $"{model}, {system}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {megabytes?.ToString(CultureInfo.InvariantCulture) ?? "?"} MB");
        return Task.FromResult(megabytes < EnoughMegabytes
            ? Finding.Warning(found, $"Less than {EnoughMegabytes} MB of memory is little. Use a system without a desktop on this board.")
            : Finding.Fine(found));
    }
}
