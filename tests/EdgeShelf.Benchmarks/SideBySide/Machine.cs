using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeShelf.Platform;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Says what the figures were measured on.</summary>
static class Machine
{
    static readonly string[] Packages = ["python3", "python3-torch", "python3-torchvision", "python3-opencv", "python3-flask", "python3-waitress"];

    /// <summary>Instructions that integer networks depend on, as /proc/cpuinfo names them.</summary>
    static readonly string[] Instructions = ["avx2", "avx512f", "avx512_vnni", "avx_vnni", "asimddp", "i8mm"];

    /// <summary>The processor that a contender gets when it gets only one: the last one that this process may use.</summary>
    public static int LastProcessor()
    {
        string allowed = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return int.Parse(allowed.Split([':', ',', '-', '\t'], StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    public static string Describe()
    {
        string[] processor = File.ReadAllLines("/proc/cpuinfo");
        string Value(string key) => processor.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "";
        string name = SystemFile.Read("/", "proc/device-tree/model")?.TrimEnd('\0') is { Length: > 0 } board ? board : Value("model name");
        string[] flags = (Value("flags") + " " + Value("Features")).Split(' ');
        string system = SystemFile.Value("/", "etc/os-release", "PRETTY_NAME=")?.Trim('"') ?? "unknown system";
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, {RuntimeInformation.ProcessArchitecture} ({string.Join(", ", Instructions.Where(flags.Contains))}), {Environment.ProcessorCount} processors, {memory:0.0} GB of memory; {system}, Linux {Environment.OSVersion.Version}");
    }

    /// <summary>Number of programs that wanted a processor in the last minute. Above the number of processors, times are too long for everybody.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public static string Versions(SideBySideOptions options) => string.Join(", ", new[]
    {
        $"EdgeShelf {ProgramVersion.Text}{(options.Commit.Length > 0 ? $" ({options.Commit})" : "")}",
        $".NET {Environment.Version}",
        $"ONNX Runtime {typeof(InferenceSession).Assembly.GetName().Version?.ToString(3)}",
    }.Concat(Packages.Select(package => $"{package} {Version(package)}")).Concat(options.Ncnn is { } ncnn ? [$"ncnn {ncnn}"] : []));

    static string Version(string package)
    {
        using Process query = Process.Start(new ProcessStartInfo("dpkg-query", ["-W", "-f", "${Version}", package]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string version = query.StandardOutput.ReadToEnd();
        query.WaitForExit();
        return version.Length > 0 ? version : "?";
    }
}
