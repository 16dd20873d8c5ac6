namespace EdgeShelf.Platform;

/// <summary>Whether the system clock is known to be right: a board without a battery starts in the past.</summary>
static class ClockSync
{
    /// <summary>Made by systemd-timesyncd after its first answer (systemd-timesyncd.service(8)).</summary>
    const string TimesyncMark = "/run/systemd/timesync/synchronized";

    /// <summary>What adjtimex(2) returns while the clock is not synchronized.</summary>
    const int TimeError = 5;

    public static bool IsSynced() => File.Exists(TimesyncMark) || KernelSaysSynced();

    /// <summary>chrony and ntpd tell the kernel; asking it changes nothing and needs no right.</summary>
    static unsafe bool KernelSaysSynced()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        // struct timex, all zero: modes 0 only reads. It is 208 bytes on 64-bit Linux, less elsewhere.
        byte* timex = stackalloc byte[512];
        new Span<byte>(timex, 512).Clear();
        return Posix.AdjustClock(timex) is >= 0 and not TimeError;
    }
}
