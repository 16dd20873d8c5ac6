using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>The calls of the C library that .NET has no name for. The layouts hold on 64-bit Linux, arm64 and x64 alike.</summary>
static unsafe partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    public const int ReadWrite = 0x2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>O_NOFOLLOW, which differs between arm64 and the others.</summary>
    public static int NoFollow { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    const short PollIn = 0x1;
    const short PollErr = 0x8;
    const short PollHup = 0x10;
    const int Interrupted = 4;

    /// <param name="pid">Negative: the process group of that number.</param>
    /// <returns>0, or -1 where there is no such process.</returns>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    const int WriteAndSearch = 2 | 1;

    /// <summary>Whether this process may make files in a folder, by access(2).</summary>
    /// <returns>The system's words for why not, or null when it may.</returns>
    public static string? WhyNotWritable(string folder) =>
        Access(folder, WriteAndSearch) == 0 ? null : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    /// <summary>Opens a device node.</summary>
    /// <exception cref="IOException">It is not there, busy, or may not be opened; the system's own words.</exception>
    public static SafeFileHandle Open(string path, int flags)
    {
        int fd = OpenFile(path, flags);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw Failure(path);
    }

    /// <summary>Calls the device behind the handle, again when a signal interrupts.</summary>
    /// <param name="what">Begins the message of the error.</param>
    /// <exception cref="IOException">The device refused; the system's own words and number.</exception>
    public static void Control<T>(SafeFileHandle device, uint request, ref T argument, string what) where T : unmanaged
    {
        if (TryControl(device, request, ref argument) != 0)
            throw Failure(what);
    }

    /// <returns>0, or the system's error number.</returns>
    public static int TryControl<T>(SafeFileHandle device, uint request, ref T argument) where T : unmanaged
    {
        while (true)
        {
            int result;
            fixed (T* pointer = &argument)
                result = Ioctl(device, request, pointer);
            if (result >= 0)
                return 0;
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
                return error;
        }
    }

    /// <summary>Waits until there is something to read. The kernel's monotonic clock counts the limit.</summary>
    /// <returns>False when the limit ran out.</returns>
    /// <exception cref="IOException">The device is gone.</exception>
    public static bool WaitReadable(SafeFileHandle device, TimeSpan limit, string what)
    {
        bool added = false;
        device.DangerousAddRef(ref added);
        try
        {
            PollFd poll = new() { Fd = (int)device.DangerousGetHandle(), Events = PollIn };
            int ready = Poll(&poll, 1, (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, int.MaxValue));
            if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw Failure(what);
            if (ready > 0 && (poll.Returned & PollIn) == 0 && (poll.Returned & (PollErr | PollHup)) != 0)
                throw new IOException($"{what}: the device is gone or has stopped.");
            return ready > 0;
        }
        finally
        {
            if (added)
                device.DangerousRelease();
        }
    }

    /// <returns>How many bytes were read.</returns>
    /// <exception cref="IOException">The device refused.</exception>
    public static int Read(SafeFileHandle device, Span<byte> into, string what)
    {
        nint read;
        fixed (byte* pointer = into)
            read = ReadFile(device, pointer, (nuint)into.Length);
        return read >= 0 ? (int)read : throw Failure(what);
    }

    /// <summary>The error that the last call left, in the system's words.</summary>
    public static IOException Failure(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(SafeFileHandle device, byte* into, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle device, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, SafeFileHandle device, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    /// <summary>Has the device keep what was written.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int TrySync(SafeFileHandle file) => Fsync(file) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    /// <summary>adjtimex(2).</summary>
    /// <param name="timex">struct timex: 208 bytes on 64-bit Linux.</param>
    /// <returns>The clock's state.</returns>
    [LibraryImport("libc", EntryPoint = "adjtimex")]
    public static partial int AdjustClock(byte* timex);

    /// <summary>setenv(3): for native libraries, which do not see what <see cref="Environment.SetEnvironmentVariable(string, string?)"/> sets.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>mallopt(3), which only glibc has.</summary>
    /// <exception cref="EntryPointNotFoundException">This is another C library.</exception>
    [LibraryImport("libc", EntryPoint = "mallopt")]
    public static partial int SetMemoryOption(int option, int value);

    /// <summary>malloc_trim(3), which only glibc has.</summary>
    /// <exception cref="EntryPointNotFoundException">This is another C library.</exception>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int TrimMemory(nuint keep);

    struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}
