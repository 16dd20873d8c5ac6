using System.Runtime.InteropServices;

namespace EdgeShelf.Capture;

/// <summary>The calls of the C library that .NET has no name for.</summary>
static partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <param name="pid">Negative: the process group of that number.</param>
    /// <returns>0, or -1 where there is no such process.</returns>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);
}
