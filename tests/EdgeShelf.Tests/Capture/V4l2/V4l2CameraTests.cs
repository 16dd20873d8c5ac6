using EdgeShelf.Capture;
using EdgeShelf.Capture.V4l2;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Capture.V4l2;

/// <summary>What can be held to without a device; `tests/device` takes pictures with a real one.</summary>
public sealed class V4l2CameraTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACameraThatIsNotPluggedInIsUnreachableAndTheErrorNamesItsNode()
    {
        CaptureException problem = await FailureOf("/dev/video987");

        Assert.Equal("camera-unreachable", problem.Code);
        Assert.Contains("/dev/video987", problem.Message, StringComparison.Ordinal);
        Assert.Contains("by-id", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANodeThatIsNoCameraIsAnErrorInTheSystemsWords()
    {
        CaptureException problem = await FailureOf("/dev/null");

        Assert.Equal("camera-failed", problem.Code);
        Assert.Contains("/dev/null is not a V4L2 device", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(V4l2Abi.Mjpeg, 0, 0, 0, 0, null)]
    [InlineData(V4l2Abi.Jpeg, 0, 0, 0, 0, null)]
    // sRGB, as most cameras say: BT.601, limited.
    [InlineData(V4l2Abi.Yuyv, 2560, 8, 0, 0, "Yuyv 1280x720 2560 601 limited")]
    [InlineData(V4l2Abi.Yuyv, 2624, 8, 0, 0, "Yuyv 1280x720 2624 601 limited")]
    // A driver that leaves the stride at zero.
    [InlineData(V4l2Abi.Yuyv, 0, 8, 0, 0, "Yuyv 1280x720 2560 601 limited")]
    [InlineData(V4l2Abi.Nv12, 1280, V4l2Abi.ColorspaceRec709, 0, 0, "Nv12 1280x720 1280 709 limited")]
    [InlineData(V4l2Abi.Nv12, 1280, V4l2Abi.ColorspaceJpeg, 0, 0, "Nv12 1280x720 1280 601 full")]
    [InlineData(V4l2Abi.Yuyv, 2560, 8, V4l2Abi.EncodingBt709, V4l2Abi.QuantizationFull, "Yuyv 1280x720 2560 709 full")]
    public void WhatTheDriverSaysBecomesTheLayout(uint pixelFormat, uint stride, uint colorspace, uint encoding, uint quantization, string? expected)
    {
        V4l2Abi.Format format = new()
        {
            PixelFormat = pixelFormat,
            Width = 1280,
            Height = 720,
            BytesPerLine = stride,
            Colorspace = colorspace,
            YcbcrEncoding = encoding,
            Quantization = quantization,
        };

        RawLayout? layout = V4l2Format.LayoutOf(format);

        Assert.Equal(expected, layout is null ? null
            : $"{layout.Pixels} {layout.Width}x{layout.Height} {layout.Stride} {(layout.Bt709 ? "709" : "601")} {(layout.FullRange ? "full" : "limited")}");
    }

    static async Task<CaptureException> FailureOf(string device)
    {
        await using V4l2Camera camera = new(new V4l2CameraOptions { Device = device }, TimeSpan.FromSeconds(30), TimeProvider.System);
        return await Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation));
    }
}
