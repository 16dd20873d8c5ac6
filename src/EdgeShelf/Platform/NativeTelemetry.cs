using System.Runtime.CompilerServices;

namespace EdgeShelf.Platform;

/// <summary>
/// Keeps libraries from calling home. ONNX Runtime's official builds send telemetry to their maker, and keep a device identifier and
/// a database for it under `~/.cache/Microsoft`, unless `ORT_DISABLE_TELEMETRY` is in the environment before the library is loaded
/// (Privacy.md of the package Microsoft.ML.OnnxRuntime). Its own switch lets the first event through.
/// </summary>
static class NativeTelemetry
{
    // With the assembly, so that every verb, test and benchmark has it before its first use of the library.
#pragma warning disable CA2255 // The rule is for libraries; nobody else loads this program.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TurnOff()
    {
        if (OperatingSystem.IsLinux())
            _ = Posix.SetEnvironment("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
    }
}
