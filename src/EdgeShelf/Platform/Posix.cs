using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>Calls of the C library that .NET does not offer. The layouts are valid on 64-bit Linux, both arm64 and x64.</summary>
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

    /// <param name="pid">A process id, or the negated id of a process group.</param>
    /// <returns>0, or -1 if the process does not exist.</returns>
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
    /// <exception cref="IOException">The device does not exist, is busy, or may not be opened. The message is the system's.</exception>
    public static SafeFileHandle Open(string path, int flags)
    {
        int fd = OpenFile(path, flags);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw Failure(path);
    }

    /// <summary>Calls ioctl(2) on the device, and repeats the call when a signal interrupts it.</summary>
    /// <param name="what">The beginning of the error message.</param>
    /// <exception cref="IOException">The device refused. The message and the number are the system's.</exception>
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

    /// <summary>Waits until there is something to read. The limit is measured with the kernel's monotonic clock.</summary>
    /// <returns>False when the limit expired.</returns>
    /// <exception cref="IOException">The device was removed or has stopped.</exception>
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
                throw new IOException($"{what}: the device was removed or has stopped.");
            return ready > 0;
        }
        finally
        {
            if (added)
                device.DangerousRelease();
        }
    }

    /// <returns>The number of bytes that were read.</returns>
    /// <exception cref="IOException">The device refused the call.</exception>
    public static int Read(SafeFileHandle device, Span<byte> into, string what)
    {
        nint read;
        fixed (byte* pointer = into)
            read = ReadFile(device, pointer, (nuint)into.Length);
        return read >= 0 ? (int)read : throw Failure(what);
    }

    /// <summary>Makes an exception from the error of the last call, with the system's message and number.</summary>
    public static IOException Failure(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)} ({error})", error);
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

    /// <summary>fsync(2): flushes what was written to the device.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int TrySync(SafeFileHandle file) => Fsync(file) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    /// <summary>adjtimex(2): reads or changes the parameters of the system clock.</summary>
    /// <param name="timex">A struct timex, which has 208 bytes on 64-bit Linux.</param>
    /// <returns>The state of the clock.</returns>
    [LibraryImport("libc", EntryPoint = "adjtimex")]
    public static partial int AdjustClock(byte* timex);

    /// <summary>setenv(3), for native libraries, which do not see what <see cref="Environment.SetEnvironmentVariable(string, string?)"/> sets.</summary>
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

    /// <returns>The effective user's number; 0 is root.</returns>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Who owns a file or folder; links are followed.</summary>
    /// <returns>Null where it is not there or may not be asked about.</returns>
    public static (uint User, uint Group)? OwnerOf(string path)
    {
        // struct statx has one layout everywhere, unlike struct stat: the numbers of user and group are at 20 and 24 of 256 bytes.
        const int CurrentFolder = -100;
        const uint UserAndGroup = 0x18;
        uint* found = stackalloc uint[64];
        return Statx(CurrentFolder, path, 0, UserAndGroup, found) == 0 ? (found[5], found[6]) : null;
    }

    /// <summary>The name and the home folder of a user, as the system knows them.</summary>
    /// <returns>Null for a number that has no name.</returns>
    public static (string Name, uint Group, string Home)? FindUser(uint user) => UserOf(GetPasswdEntry(user));

    /// <summary>The same for a name.</summary>
    /// <returns>Null for a name that the system does not know.</returns>
    public static (string Name, uint Group, string Home)? FindUser(string name) => UserOf(GetPasswdEntryByName(name));

    static (string Name, uint Group, string Home)? UserOf(void* entry)
    {
        if (entry is null)
            return null;
        // char *name, *password; uid_t user; gid_t group; char *full name, *home: the same on every 64-bit Linux.
        nint* words = (nint*)entry;
        uint* numbers = (uint*)(words + 2);
        return (Marshal.PtrToStringUTF8(words[0]) ?? "", numbers[1], Marshal.PtrToStringUTF8(words[4]) ?? "/");
    }

    /// <summary>Makes a group the group of a file; its user stays.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void GiveToGroup(string path, uint group)
    {
        const uint Same = uint.MaxValue;
        if (ChangeOwner(path, Same, group) != 0)
            throw Failure(path);
    }

    /// <summary>Gives up root for good: the groups of that user, then the group, then the user, for all threads.</summary>
    /// <exception cref="IOException">The system refused; the process must do nothing further.</exception>
    public static void BecomeUser(string name, uint user, uint group)
    {
        if (InitializeGroups(name, group) != 0 || SetGroup(group) != 0 || SetUser(user) != 0)
            throw Failure($"The user {name} cannot be taken on");
    }

    /// <summary>Whether this user may read a file, or enter and list a folder.</summary>
    public static bool MayRead(string path)
    {
        const int ReadRight = 4;
        const int EnterRight = 1;
        return Access(path, Directory.Exists(path) ? ReadRight | EnterRight : ReadRight) == 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, uint* into);

    [LibraryImport("libc", EntryPoint = "getpwuid", SetLastError = true)]
    private static partial void* GetPasswdEntry(uint user);

    [LibraryImport("libc", EntryPoint = "getpwnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void* GetPasswdEntryByName(string name);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InitializeGroups(string name, uint group);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);

    struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}
