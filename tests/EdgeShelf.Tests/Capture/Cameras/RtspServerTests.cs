using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

/// <summary>A real RTSP server, which is stopped, stalled and started again, and the real ffmpeg.</summary>
[Collection(RtspServer.Collection)]
public sealed class RtspServerTests : IDisposable
{
    static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly RtspServer _server = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("h264")]
    [InlineData("h265")]
    public async Task APictureOfTheStreamIsTakenWithADigestLogin(string path)
    {
        int port = await _server.StartAsync(0, "shelf", "it's a: secret");
        await using RtspCamera camera = Camera(port, path, "it's a: secret");

        Frame frame = await camera.CaptureAsync(Cancellation);

        using Picture picture = PictureDecoder.Decode(frame);
        Assert.Equal((640, 480), (picture.Width, picture.Height));
        // The test picture has coloured bars; a frame that lacks its beginning would be grey.
        ReadOnlySpan<byte> pixels = picture.Pixels;
        int red = 0;
        for (int i = 0; i < pixels.Length; i += Picture.BytesPerPixel)
            red += pixels[i] > 150 && pixels[i + 1] < 80 && pixels[i + 2] < 80 ? 1 : 0;
        Assert.InRange(red, 10_000, 60_000);
    }

    [Fact]
    public async Task AWrongPasswordIsNamedAndNotRepeated()
    {
        int port = await _server.StartAsync(0, "shelf", "right");
        await using RtspCamera camera = Camera(port, "h264", "tr0ub4dor");

        CaptureException problem = await Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation));

        Assert.Equal("camera-refused", problem.Code);
        Assert.DoesNotContain("tr0ub4dor", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamThatIsNotThereIsNamed()
    {
        int port = await _server.StartAsync(0);
        await using RtspCamera camera = Camera(port, "nothing");

        CaptureException problem = await Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation));

        Assert.Contains("has no such stream", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Capture:Rtsp:Url", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatStallsOrDiesGivesPicturesAgainWhenItIsBack()
    {
        int port = await _server.StartAsync(0);
        await using RtspCamera patient = Camera(port, "h264");
        await using RtspCamera hasty = Camera(port, "h264", timeout: TimeSpan.FromSeconds(3));
        await patient.CaptureAsync(Cancellation);

        _server.Stall();
        CaptureException stalled = await Assert.ThrowsAsync<CaptureException>(() => hasty.CaptureAsync(Cancellation));
        _server.GoOn();
        await patient.CaptureAsync(Cancellation);
        _server.Kill();
        CaptureException gone = await Assert.ThrowsAsync<CaptureException>(() => patient.CaptureAsync(Cancellation));
        await _server.StartAsync(port);
        Frame back = await patient.CaptureAsync(Cancellation);

        Assert.Equal("camera-timeout", stalled.Code);
        Assert.Equal("camera-unreachable", gone.Code);
        Assert.True(back.Bytes.Length > 0);
        Assert.Empty(RtspServer.Readers());
    }

    RtspCamera Camera(int port, string path, string? password = null, TimeSpan? timeout = null) => new(
        new RtspCameraOptions
        {
            Url = $"rtsp://127.0.0.1:{port}/{path}",
            User = password is null ? null : "shelf",
            PasswordFile = password is null ? null : _folder.Write("password", password),
        },
        timeout ?? Generous, TimeProvider.System);
}
