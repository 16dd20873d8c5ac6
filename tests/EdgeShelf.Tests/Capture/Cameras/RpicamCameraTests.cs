using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class RpicamCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();
    bool _streams;

    // No age at all: each picture is one that came after it was asked for.
    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new RpicamCamera(new RpicamCameraOptions { ToolsFolder = _folder.Path, WarmUpFrames = 0, MaxAge = TimeSpan.FromMilliseconds(50) }, timeout, clock);

    protected override void Show(byte[] picture) => Show(picture, whileStopped: false);

    void Show(byte[] picture, bool whileStopped)
    {
        File.WriteAllBytes(_folder.File("draft.jpg"), picture);
        File.Move(_folder.File("draft.jpg"), _folder.File("picture.jpg"), overwrite: true);
        if (whileStopped)
            return;
        if (_streams)
            WaitForNewPictures();
        else
            Stream();
    }

    protected override void ShowNothing() => Script("echo 'ERROR: *** no cameras available ***' >&2; exit 255");

    protected override void ShowRubbish() => Script("cat /dev/zero");

    protected override void Hang()
    {
        _streams = false;
        Script("trap '' TERM; echo 'Pipeline handler in use by another process' >&2; while true; do sleep 0.1; done");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
        _folder.Dispose();
    }

    [Fact]
    public async Task TheToolIsStartedOnceForManyPictures()
    {
        Show(Picture);
        Camera camera = New(TimeSpan.FromSeconds(30));

        for (int i = 0; i < 5; i++)
            await camera.CaptureAsync(Cancellation);

        Assert.Single(File.ReadAllLines(_folder.File("starts")));
        string arguments = File.ReadAllText(_folder.File("starts"));
        Assert.All((string[])["-n", "-t 0", "--codec mjpeg", "--framerate 2", "--flush", "-o -"], expected => Assert.Contains(expected, arguments, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenTheToolEndsItsLastWordsAreInTheErrorAndTheNextPictureStartsItAnew()
    {
        Script("echo 'ERROR: *** failed to acquire camera /base/soc/i2c0mux: Device or resource busy ***' >&2; exit 255");
        Camera camera = New(TimeSpan.FromSeconds(30));

        CaptureException problem = await FailureOf(camera);
        Show(Picture);
        Frame next = await camera.CaptureAsync(Cancellation);

        Assert.Equal("camera-failed", problem.Code);
        Assert.Contains("Device or resource busy", problem.Message, StringComparison.Ordinal);
        Assert.Equal(Picture, next.Bytes.ToArray());
    }

    [Fact]
    public async Task AToolThatHangsAndIgnoresSigtermHasLetGoOfTheCameraWhenTheErrorComes()
    {
        Script("trap '' TERM; echo 'stuck' >&2; while true; do sleep 0.1; done");
        Camera camera = New(TimeSpan.FromSeconds(1));

        CaptureException first = await FailureOf(camera);

        Assert.Equal("camera-timeout", first.Code);
        Assert.Contains("stuck", first.Message, StringComparison.Ordinal);
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task ACameraThatStopsSendingIsNotAnsweredWithAnOldPicture()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        Script($"cat '{_folder.File("picture.jpg")}'; touch '{_folder.File("sent")}'; while true; do sleep 0.1; done");
        RpicamCameraOptions options = new() { ToolsFolder = _folder.Path, WarmUpFrames = 0, MaxAge = TimeSpan.FromSeconds(30) };
        await using RpicamCamera camera = new(options, TimeSpan.FromSeconds(1), TimeProvider.System);
        await camera.CaptureAsync(Cancellation);

        CaptureException problem = await FailureOf(camera);

        Assert.Equal("camera-timeout", problem.Code);
    }

    [Fact]
    public async Task TheFirstPicturesAreLeftOutWhileExposureSettles()
    {
        byte[][] pictures = [.. Enumerable.Range(0, 4).Select(i => PicturesOf.Plain(new SkiaSharp.SKColor((byte)(i * 60), (byte)(i * 60), (byte)(i * 60))))];
        for (int i = 0; i < pictures.Length; i++)
            File.WriteAllBytes(_folder.File($"{i}.jpg"), pictures[i]);
        Script($"cd '{_folder.Path}'; cat 0.jpg 1.jpg 2.jpg 3.jpg; while true; do sleep 0.1; done");
        RpicamCameraOptions options = new() { ToolsFolder = _folder.Path, WarmUpFrames = 3, MaxAge = TimeSpan.FromSeconds(30) };
        await using RpicamCamera camera = new(options, TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal(pictures[3], (await camera.CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task WhenNobodyAsksForPicturesTheToolEndsAndTheNextPictureStartsIt()
    {
        Show(Picture);
        RpicamCameraOptions options = new() { ToolsFolder = _folder.Path, WarmUpFrames = 0, StopAfter = TimeSpan.FromSeconds(0.5) };
        await using RpicamCamera camera = new(options, TimeSpan.FromSeconds(30), TimeProvider.System);
        await camera.CaptureAsync(Cancellation);
        await Wait.UntilAsync(() => ShellScript.ProcessesWith(_folder.Path).Count == 0);
        Show(OtherPicture, whileStopped: true);

        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal(OtherPicture, frame.Bytes.ToArray());
        Assert.Equal(2, File.ReadAllLines(_folder.File("starts")).Length);
    }

    [Fact]
    public async Task WithAButtonTheToolRunsOnSoThatNobodyWaitsForIt()
    {
        Show(Picture);
        RpicamCameraOptions options = new() { ToolsFolder = _folder.Path, WarmUpFrames = 0, StopAfter = TimeSpan.FromSeconds(15) };
        FakeTimeProvider clock = new();
        await using RpicamCamera camera = new(options, TimeSpan.FromSeconds(30), clock, hasButton: true);
        await camera.CaptureAsync(Cancellation);

        clock.Advance(TimeSpan.FromMinutes(10));
        await camera.CaptureAsync(Cancellation);

        Assert.Single(File.ReadAllLines(_folder.File("starts")));
    }

    [Fact]
    public void TheToolRunsOnLongerWhenPicturesFollowEachOther()
    {
        FakeTimeProvider clock = new();
        WarmTime warm = new(TimeSpan.FromSeconds(15), clock);
        List<double?> runsOn = [];
        foreach (int gap in (int[])[0, 10, 60, 5, 60, 60])
        {
            clock.Advance(TimeSpan.FromSeconds(gap));
            runsOn.Add(warm.AfterPicture()?.TotalSeconds);
        }

        Assert.Equal([15, 15, 6, 15, 6, 6], runsOn);
        Assert.Null(new WarmTime(TimeSpan.Zero, clock).AfterPicture());
    }

    void Stream()
    {
        _streams = true;
        Script($"printf '%s\\n' \"$*\" >> '{_folder.File("starts")}'; n=0; while true; do cat '{_folder.File("picture.jpg")}' || exit; n=$((n+1)); echo $n > '{_folder.File("count")}'; sleep 0.02; done");
    }

    // The one under way may still be the old one, so two more are waited for.
    void WaitForNewPictures()
    {
        int seen = Count();
        Wait.UntilAsync(() => Count() >= seen + 2).GetAwaiter().GetResult();
    }

    int Count() => File.Exists(_folder.File("count")) && int.TryParse(File.ReadAllText(_folder.File("count")), NumberStyles.Integer, CultureInfo.InvariantCulture, out int count) ? count : 0;

    void Script(string body) => ShellScript.Write(_folder, "rpicam-vid", body);
}
