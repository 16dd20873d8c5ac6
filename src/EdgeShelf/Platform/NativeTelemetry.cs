using System.Runtime.CompilerServices;

namespace EdgeShelf.Platform;

/// <summary>
/// Turns off the telemetry of native libraries. ONNX Runtime's official builds send telemetry to Microsoft, and keep a device
/// identifier and a database for it under `~/.cache/Microsoft`, unless `ORT_DISABLE_TELEMETRY` is in the environment before the library
/// is loaded (Privacy.md of the package Microsoft.ML.OnnxRuntime). The switch in its API takes effect only after the first event.
/// </summary>
static class NativeTelemetry
{
    // This runs when the assembly is loaded, so that it precedes the first use of the library in every verb, test and benchmark.
#pragma warning disable CA2255 // The rule is for libraries. This assembly is a program.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TurnOff()
    {
        if (OperatingSystem.IsLinux())
            _ = Posix.SetEnvironment("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
    }
}
