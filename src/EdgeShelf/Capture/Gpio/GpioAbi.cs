using System.Runtime.InteropServices;

namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// The kernel's own interface to GPIO lines, version 2, available since Linux 5.10: `linux/gpio.h`. See <see cref="KernelGpioDriver"/> for
/// why it is used.
/// </summary>
static class GpioAbi
{
    public const uint GetChipInfo = 0x8044B401;
    public const uint GetLine = 0xC250B407;
    public const uint GetValues = 0xC010B40E;
    public const uint SetValues = 0xC010B40F;

    public const ulong Input = 0x4;
    public const ulong Output = 0x8;
    public const ulong EdgeRising = 0x10;
    public const ulong EdgeFalling = 0x20;
    public const ulong PullUp = 0x100;
    public const ulong PullDown = 0x200;

    public const uint RisingEvent = 1;

    /// <summary>`struct gpiochip_info`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 68)]
    public unsafe struct ChipInfo
    {
        [FieldOffset(32)] public fixed byte Label[32];
        [FieldOffset(64)] public uint Lines;
    }

    /// <summary>`struct gpio_v2_line_request`, for one line.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 592)]
    public unsafe struct LineRequest
    {
        [FieldOffset(0)] public uint Offset;
        [FieldOffset(256)] public fixed byte Consumer[32];
        [FieldOffset(288)] public ulong Flags;
        [FieldOffset(560)] public uint LineCount;
        [FieldOffset(564)] public uint EventBufferSize;
        [FieldOffset(588)] public int Fd;
    }

    /// <summary>`struct gpio_v2_line_values`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    public struct LineValues
    {
        [FieldOffset(0)] public ulong Bits;
        [FieldOffset(8)] public ulong Mask;
    }

    /// <summary>`struct gpio_v2_line_event`.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    public struct LineEvent
    {
        /// <summary>The time of CLOCK_MONOTONIC, in nanoseconds.</summary>
        [FieldOffset(0)] public ulong Timestamp;
        [FieldOffset(8)] public uint Id;
    }
}
