using System.Diagnostics;

namespace EdgeShelf.Tests.Support;

/// <summary>ONNX files that Debian's PyTorch exports through `scripts/export/export_resnet.py`, random weights.</summary>
static class TorchNetwork
{
    const string Python = "/usr/bin/python3";

    static readonly Lazy<bool> IsThere = new(() => Run("-c", "import torch, torchvision") == 0);

    /// <summary>Exports a network; skips the test where PyTorch is not installed.</summary>
    /// <returns>The path of the ONNX file.</returns>
    public static string Export(TemporaryFolder folder, params string[] options)
    {
        Assert.SkipUnless(IsThere.Value, "python3-torchvision is not installed");
        string output = folder.File("torch.onnx");
        int exitCode = Run([System.IO.Path.Combine(Checkout.Root, "scripts/export/export_resnet.py"), .. options, output]);
        Assert.Equal(0, exitCode);
        return output;
    }

    static int Run(params string[] arguments)
    {
        if (!System.IO.File.Exists(Python))
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
