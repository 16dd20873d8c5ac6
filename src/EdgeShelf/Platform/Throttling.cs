using System.Globalization;

namespace EdgeShelf.Platform;

/// <summary>Whether a Raspberry Pi's firmware slowed the processor down. The flags are those of `vcgencmd get_throttled`.</summary>
/// <param name="WeakPowerNow">The supply voltage is too low.</param>
/// <param name="SlowNow">The processor is slowed down.</param>
/// <param name="WeakPowerBefore">The supply voltage was too low at some time since the start.</param>
/// <param name="SlowBefore">The processor was slowed down at some time since the start.</param>
readonly record struct Throttling(bool WeakPowerNow, bool SlowNow, bool WeakPowerBefore, bool SlowBefore)
{
    /// <param name="root">The root of the file system. Tests pass another folder.</param>
    /// <returns>The flags, or null on a computer without this firmware.</returns>
    public static Throttling? Read(string root = "/") =>
        SystemFile.Read(root, "sys/devices/platform/soc/soc:firmware/get_throttled") is { } hex
            && long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long flags)
            ? new Throttling((flags & 0x1) != 0, (flags & 0x4) != 0, (flags & 0x10000) != 0, (flags & 0x40000) != 0)
            : null;
}
