using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

/// <summary>A real RTSP server, which is stopped, stalled and started again, and the real ffmpeg.</summary>
public sealed class RtspServerTests : IDisposable
{
    static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    Process? _server;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Stop();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("h264")]
    [InlineData("h265")]
    public async Task APictureOfTheStreamIsTakenWithADigestLogin(string path)
    {
        int port = await StartAsync(0, "shelf", "it's a: secret");
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
        int port = await StartAsync(0, "shelf", "right");
        await using RtspCamera camera = Camera(port, "h264", "tr0ub4dor");

        CaptureException problem = await Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation));

        Assert.Equal("camera-refused", problem.Code);
        Assert.DoesNotContain("tr0ub4dor", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamThatIsNotThereIsNamed()
    {
        int port = await StartAsync(0);
        await using RtspCamera camera = Camera(port, "nothing");

        CaptureException problem = await Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation));

        Assert.Contains("has no such stream", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Capture:Rtsp:Url", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatStallsOrDiesGivesPicturesAgainWhenItIsBack()
    {
        int port = await StartAsync(0);
        await using RtspCamera patient = Camera(port, "h264");
        await using RtspCamera hasty = Camera(port, "h264", timeout: TimeSpan.FromSeconds(3));
        await patient.CaptureAsync(Cancellation);

        Signal("STOP");
        CaptureException stalled = await Assert.ThrowsAsync<CaptureException>(() => hasty.CaptureAsync(Cancellation));
        Signal("CONT");
        await patient.CaptureAsync(Cancellation);
        Stop();
        CaptureException gone = await Assert.ThrowsAsync<CaptureException>(() => patient.CaptureAsync(Cancellation));
        await StartAsync(port);
        Frame back = await patient.CaptureAsync(Cancellation);

        Assert.Equal("camera-timeout", stalled.Code);
        Assert.Equal("camera-unreachable", gone.Code);
        Assert.True(back.Bytes.Length > 0);
        Assert.DoesNotContain(ShellScript.ProcessesWith("edgeshelf-rtsp-"), IsFfmpegOfThisTest);
    }

    /// <summary>Other tests may run one too; the list of this one has its own port.</summary>
    static bool IsFfmpegOfThisTest(int pid) => File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(' ')[3] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    RtspCamera Camera(int port, string path, string? password = null, TimeSpan? timeout = null) => new(
        new RtspCameraOptions
        {
            Url = $"rtsp://127.0.0.1:{port}/{path}",
            User = password is null ? null : "shelf",
            PasswordFile = password is null ? null : _folder.Write("password", password),
        },
        timeout ?? Generous, TimeProvider.System);

    async Task<int> StartAsync(int port, params string[] login)
    {
        Assert.SkipWhen(ProgramsOnPath.Find("ffmpeg") is null, "ffmpeg is missing");
        string script = Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Capture", "Cameras", "rtsp_server.py");
        // The interpreter of Debian, which has Debian's modules.
        _server = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, port.ToString(CultureInfo.InvariantCulture), .. login]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string? line = await _server.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(Generous, Cancellation);
        Assert.SkipWhen(line is null, "gir1.2-gst-rtsp-server-1.0 or its plugins are missing");
        return int.Parse(line!, CultureInfo.InvariantCulture);
    }

    void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _server!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    void Stop()
    {
        _server?.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
        _server = null;
    }
}
