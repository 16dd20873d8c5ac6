using System.Runtime.InteropServices;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Capture.Gpio;

/// <summary>Sizes and offsets as a C compiler gives them for `linux/gpio.h` on 64-bit Linux.</summary>
public sealed class GpioAbiTests
{
    [Fact]
    public void TheStructuresAreAsLargeAsTheKernels()
    {
        Assert.Equal(68, Marshal.SizeOf<GpioAbi.ChipInfo>());
        Assert.Equal(592, Marshal.SizeOf<GpioAbi.LineRequest>());
        Assert.Equal(16, Marshal.SizeOf<GpioAbi.LineValues>());
        Assert.Equal(48, Marshal.SizeOf<GpioAbi.LineEvent>());
        Assert.Equal(588, (int)Marshal.OffsetOf<GpioAbi.LineRequest>(nameof(GpioAbi.LineRequest.Fd)));
    }

    [Theory]
    [InlineData(GpioAbi.GetChipInfo, 2, 0x01, 68)]
    [InlineData(GpioAbi.GetLine, 3, 0x07, 592)]
    [InlineData(GpioAbi.GetValues, 3, 0x0E, 16)]
    [InlineData(GpioAbi.SetValues, 3, 0x0F, 16)]
    public void TheRequestNumbersHoldDirectionSizeTypeAndNumber(uint request, uint direction, uint number, uint size)
    {
        Assert.Equal((direction << 30) | (size << 16) | (0xB4 << 8) | number, request);
    }
}
