using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.V4l2;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class AutoCameraTests : CameraContract
{
    static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();

    // A camera program that lists a sensor; the kernel's devices are an empty folder.
    private protected override Camera Create(TimeSpan timeout, TimeProvider clock)
    {
        RpicamCameraOptions options = new() { Warm = false, ToolsFolder = _folder.Path };
        return new AutoCamera(
            new CameraFinder(options, clock, new V4l2Devices(NameOf, Directory.CreateDirectory(_folder.File("dev")).FullName)),
            found => found.Kind == "rpicam" ? new RpicamStillCamera(options, timeout, clock) : new FolderCamera(new FolderCameraOptions { Path = _folder.File("video") }, timeout, clock));
    }

    protected override void Show(byte[] picture)
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), picture);
        Script($"cat '{_folder.File("picture.jpg")}'");
    }

    protected override void ShowNothing() => Script("echo 'ERROR: *** failed to acquire camera ***' >&2; exit 255");

    protected override void ShowRubbish() => Script("echo 'Still capture image received'");

    protected override void Hang() => Script("trap '' TERM; while true; do sleep 0.1; done");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WithoutAnyCameraTheCodeSaysThatNoneIsThereYetAndTheHintWhatToConnect()
    {
        CaptureException problem = await FailureOf(New(Generous));

        Assert.Equal(CaptureException.NoCamera, problem.Code);
        Assert.Contains("USB camera", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePiCameraComesBeforeAVideoDevice()
    {
        Show(Picture);
        PlugInVideo();

        Frame frame = await New(Generous).CaptureAsync(Cancellation);

        Assert.Equal("rpicam", frame.Source);
    }

    [Fact]
    public async Task ACameraThatIsConnectedLaterIsUsed()
    {
        Camera camera = New(Generous);
        await FailureOf(camera);
        Assert.Equal("auto", camera.Kind);
        PlugInVideo();

        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal(OtherPicture, frame.Bytes.ToArray());
    }

    [Fact]
    public async Task WhenTheCameraIsGoneTheErrorNamesItAndAnotherOneIsChosen()
    {
        Show(Picture);
        Camera camera = New(Generous);
        await camera.CaptureAsync(Cancellation);
        File.Delete(_folder.File("rpicam-still"));

        await FailureOf(camera);
        CaptureException gone = await FailureOf(camera);
        PlugInVideo();
        Frame other = await camera.CaptureAsync(Cancellation);

        Assert.Equal("camera-unreachable", gone.Code);
        Assert.Contains("imx219", gone.Message, StringComparison.Ordinal);
        Assert.Equal(OtherPicture, other.Bytes.ToArray());
    }

    [Fact]
    public async Task ACameraThatFailsAndIsStillThereIsKept()
    {
        ShowNothing();
        Camera camera = New(Generous);
        await FailureOf(camera);
        PlugInVideo();
        Show(Picture);

        Assert.Equal("rpicam", (await camera.CaptureAsync(Cancellation)).Source);
    }

    [Fact]
    public async Task ADeviceThatMayNotBeOpenedIsTold()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder.File("dev")).FullName, "video9"), "");

        CaptureException problem = await FailureOf(New(Generous));

        Assert.Equal(CaptureException.NoCamera, problem.Code);
        Assert.Contains("Permission denied", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Available cameras\n-----------------\n0 : imx708_wide [4608x2592 10-bit RGGB] (/base/soc/i2c0mux/i2c@1/imx708@1a)\n    Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps]\n1 : ov5647 [2592x1944] (/base/soc)\n", "imx708_wide,ov5647")]
    [InlineData("No cameras available!\n", "")]
    public void TheSensorsAreReadFromTheList(string listed, string expected) =>
        Assert.Equal(expected, string.Join(',', RpicamTool.SensorsIn(listed)));

    [Fact]
    public void AVideoDeviceIsListedOnceUnderTheNameThatStays()
    {
        string dev = Directory.CreateDirectory(_folder.File("dev")).FullName;
        string byId = Directory.CreateDirectory(Path.Combine(dev, "v4l/by-id")).FullName;
        foreach (string node in (string[])["video0", "video1", "video2", "video10"])
            File.WriteAllText(Path.Combine(dev, node), "");
        File.CreateSymbolicLink(Path.Combine(byId, "usb-Webcam-video-index0"), "../../video1");

        // All but video0, which captures nothing.
        IReadOnlyList<V4l2Device> found = new V4l2Devices(path => path.EndsWith("video0", StringComparison.Ordinal) ? null : "Webcam", dev).List(out string? problem);

        Assert.Equal([Path.Combine(byId, "usb-Webcam-video-index0"), Path.Combine(dev, "video2"), Path.Combine(dev, "video10")], found.Select(device => device.Path));
        Assert.Null(problem);
    }

    static string? NameOf(string path) =>
        path.EndsWith("video9", StringComparison.Ordinal) ? throw new IOException($"{path}: Permission denied (13)") : "Webcam";

    void PlugInVideo()
    {
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_folder.File("video")).FullName, "a.jpg"), OtherPicture);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder.File("dev")).FullName, "video0"), "");
    }

    void Script(string body) => ShellScript.Write(
        _folder, "rpicam-still", $"case \"$*\" in *--list-cameras*) echo '0 : imx219 [3280x2464 10-bit RGGB] (/base/soc/i2c0mux)'; exit 0;; esac\n{body}");
}
