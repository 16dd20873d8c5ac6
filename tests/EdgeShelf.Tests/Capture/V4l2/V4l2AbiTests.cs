using System.Runtime.InteropServices;
using EdgeShelf.Capture.V4l2;

namespace EdgeShelf.Tests.Capture.V4l2;

/// <summary>Sizes and offsets as a C compiler gives them for `linux/videodev2.h` on 64-bit Linux.</summary>
public sealed class V4l2AbiTests
{
    [Fact]
    public void TheStructuresAreAsLargeAsTheKernels()
    {
        Assert.Equal(104, Marshal.SizeOf<V4l2Abi.Capability>());
        Assert.Equal(208, Marshal.SizeOf<V4l2Abi.Format>());
        Assert.Equal(20, Marshal.SizeOf<V4l2Abi.BufferRequest>());
        Assert.Equal(88, Marshal.SizeOf<V4l2Abi.Buffer>());
    }

    [Theory]
    [InlineData(V4l2Abi.QueryCapability, 2, 0, 104)]
    [InlineData(V4l2Abi.GetFormat, 3, 4, 208)]
    [InlineData(V4l2Abi.SetFormat, 3, 5, 208)]
    [InlineData(V4l2Abi.RequestBuffers, 3, 8, 20)]
    [InlineData(V4l2Abi.QueryBuffer, 3, 9, 88)]
    [InlineData(V4l2Abi.QueueBuffer, 3, 15, 88)]
    [InlineData(V4l2Abi.DequeueBuffer, 3, 17, 88)]
    [InlineData(V4l2Abi.StreamOn, 1, 18, 4)]
    [InlineData(V4l2Abi.StreamOff, 1, 19, 4)]
    public void TheRequestNumbersHoldDirectionSizeTypeAndNumber(uint request, uint direction, uint number, uint size)
    {
        Assert.Equal((direction << 30) | (size << 16) | ('V' << 8) | number, request);
    }

    [Theory]
    [InlineData(V4l2Abi.Mjpeg, "MJPG")]
    [InlineData(V4l2Abi.Jpeg, "JPEG")]
    [InlineData(V4l2Abi.Yuyv, "YUYV")]
    [InlineData(V4l2Abi.Nv12, "NV12")]
    public void TheFormatsAreTheirFourCharacters(uint code, string name)
    {
        Assert.Equal(name, V4l2Format.Name(code));
    }
}
