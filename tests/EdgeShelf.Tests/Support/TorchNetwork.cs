using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>ONNX files that Debian's PyTorch exports through `scripts/train/export_resnet.py`, random weights.</summary>
static class TorchNetwork
{
    public const string Python = "/usr/bin/python3";

    static readonly Dictionary<string, string> Exported = [];
    static readonly Lock Gate = new();
    static readonly TemporaryFolder Folder = new();
    static readonly Lazy<bool> IsThere = new(() => Directory.Exists("/usr/lib/python3/dist-packages/torchvision") && Run("-c", "import torch, torchvision") == 0);

    /// <summary>Exports a network, once a run for the same options; skips the test where PyTorch is not installed.</summary>
    /// <returns>The path of the ONNX file.</returns>
    public static string Export(params string[] options)
    {
        SkipWhereTorchIsAbsent();
        lock (Gate)
        {
            string key = string.Join(' ', options);
            if (!Exported.TryGetValue(key, out string? path))
            {
                path = Folder.File($"{Exported.Count}.onnx");
                Assert.Equal(0, Run([Path.Combine(Checkout.Root, "scripts/train/export_resnet.py"), .. options, path]));
                Exported[key] = path;
            }

            return path;
        }
    }

    public static void SkipWhereTorchIsAbsent() => Assert.SkipUnless(IsThere.Value, "python3-torchvision is not installed");

    static int Run(params string[] arguments)
    {
        if (!File.Exists(Python))
            return -1;
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }
}
