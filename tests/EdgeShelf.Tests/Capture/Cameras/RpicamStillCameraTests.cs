using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class RpicamStillCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new RpicamStillCamera(new RpicamCameraOptions { Warm = false, ToolsFolder = _folder.Path }, timeout, clock);

    protected override void Show(byte[] picture)
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), picture);
        Script("rpicam-still", $"cat '{_folder.File("picture.jpg")}'");
    }

    // As it was seen on a real one: the tool says so and ends well.
    protected override void ShowNothing() => Script("rpicam-still", "echo 'ERROR: *** no cameras available ***' >&2; exit 0");

    protected override void ShowRubbish() => Script("rpicam-still", "echo 'Still capture image received'");

    protected override void Hang() => Script("rpicam-still", "trap '' TERM; echo 'Camera frontend has timed out!' >&2; while true; do sleep 0.1; done");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task OneJpegIsAskedForOnStandardOutputWithoutAPreview()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        Script("rpicam-still", $"printf '%s\\n' \"$*\" > '{_folder.File("arguments")}'; cat '{_folder.File("picture.jpg")}'");

        await New(TimeSpan.FromSeconds(30)).CaptureAsync(Cancellation);

        string arguments = File.ReadAllText(_folder.File("arguments"));
        Assert.All((string[])["-n", "-t 1000", "-e jpg", "--width 1280", "--height 960", "-o -"], expected => Assert.Contains(expected, arguments, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheOldNameIsTakenWhereTheNewOneIsMissing()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        Script("libcamera-still", $"cat '{_folder.File("picture.jpg")}'");

        Assert.Equal(Picture, (await New(TimeSpan.FromSeconds(30)).CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task WithoutTheToolsTheErrorNamesThePackage()
    {
        CaptureException problem = await FailureOf(New(TimeSpan.FromSeconds(30)));

        Assert.Equal("camera-failed", problem.Code);
        Assert.Contains("rpicam-apps", problem.Hint, StringComparison.Ordinal);
    }

    void Script(string name, string body) => ShellScript.Write(_folder, name, body);
}
