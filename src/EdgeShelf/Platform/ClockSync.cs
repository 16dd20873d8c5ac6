namespace EdgeShelf.Platform;

/// <summary>Tells whether the system clock is known to be right. A board without a battery starts with a time in the past.</summary>
static class ClockSync
{
    /// <summary>The file that systemd-timesyncd creates after its first answer (systemd-timesyncd.service(8)).</summary>
    const string TimesyncMark = "/run/systemd/timesync/synchronized";

    /// <summary>The value that adjtimex(2) returns while the clock is not synchronized.</summary>
    const int TimeError = 5;

    public static bool IsSynced() => File.Exists(TimesyncMark) || KernelSaysSynced();

    /// <summary>chrony and ntpd report to the kernel. Reading its state changes nothing and needs no privileges.</summary>
    static unsafe bool KernelSaysSynced()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        // struct timex filled with zeros: modes = 0 only reads. It has 208 bytes on 64-bit Linux and fewer elsewhere.
        byte* timex = stackalloc byte[512];
        new Span<byte>(timex, 512).Clear();
        return Posix.AdjustClock(timex) is >= 0 and not TimeError;
    }
}
