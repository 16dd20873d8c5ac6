using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class CommandCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new CommandCamera(new CommandCameraOptions { Program = _folder.File("camera") }, timeout, clock);

    protected override void Show(byte[] picture)
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), picture);
        Script($"cat '{_folder.File("picture.jpg")}'");
    }

    protected override void ShowNothing() => Script("echo 'no cameras available' >&2; exit 0");

    protected override void ShowRubbish() => Script("echo 'camera v1.2 ready'");

    protected override void Hang() => Script("exec sleep 60");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhenTheProgramFailsItsLastWordsAreInTheError()
    {
        Script("echo 'starting' >&2; echo 'ERROR: *** failed to acquire camera: Device or resource busy ***' >&2; exit 255");

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal("camera-failed", problem.Code);
        Assert.Contains("255", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Device or resource busy", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenItEndsWellWithoutAPictureThatIsAnError()
    {
        ShowNothing();

        CaptureException problem = await FailureOf(Camera());

        Assert.Equal("no-picture", problem.Code);
        Assert.Contains("no cameras available", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenItHangsItsLastWordsAreInTheErrorAndItIsEndedThoughItIgnoresSigterm()
    {
        Script("trap '' TERM; echo 'waiting for the sensor' >&2; while true; do sleep 0.05; done");

        CaptureException problem = await FailureOf(New(TimeSpan.FromSeconds(1)));

        Assert.Equal("camera-timeout", problem.Code);
        Assert.Contains("waiting for the sensor", problem.Message, StringComparison.Ordinal);
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task AGrandchildThatHoldsThePipeDoesNotHoldThePicture()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        string sleeper = Sleeper();
        Script($"'{sleeper}' & cat '{_folder.File("picture.jpg")}'");
        long start = TimeProvider.System.GetTimestamp();

        Frame frame = await Camera().CaptureAsync(Cancellation);

        Assert.Equal(Picture, frame.Bytes.ToArray());
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task AGrandchildThatLeftTheSessionIsEndedToo()
    {
        string sleeper = Sleeper();
        Script($"setsid '{sleeper}' & sleep 60");

        Assert.Equal("camera-timeout", (await FailureOf(New(TimeSpan.FromSeconds(1)))).Code);
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task WhenTheCallerGivesUpTheProgramIsEnded()
    {
        Script($"'{Sleeper()}'; true");
        using CancellationTokenSource caller = new(TimeSpan.FromSeconds(0.5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Camera().CaptureAsync(caller.Token));

        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task WhenDisposedDuringAPictureTheProgramIsGone()
    {
        Script($"touch '{_folder.File("running")}'; '{Sleeper()}'; true");
        Camera camera = Camera();
        using CancellationTokenSource caller = new();
        Task<Frame> picture = camera.CaptureAsync(caller.Token);
        await Wait.UntilAsync(() => File.Exists(_folder.File("running")));

        await caller.CancelAsync();
        await camera.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => picture);
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task TwoProgramsNeverRunAtOnce()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        // mkdir is atomic: a second one at the same time fails and says so.
        Script($"mkdir '{_folder.File("lock")}' || exit 9; sleep 0.1; cat '{_folder.File("picture.jpg")}'; rmdir '{_folder.File("lock")}'");
        Camera camera = Camera();

        Frame[] frames = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => camera.CaptureAsync(Cancellation)));

        Assert.Equal(4, frames.Length);
    }

    [Fact]
    public async Task AProgramThatWritesWithoutEndIsEndedAtTheSizeLimit()
    {
        Script($"cat /dev/zero # {_folder.Path}");

        Assert.Equal("too-large", (await FailureOf(Camera())).Code);
        Assert.Empty(ShellScript.ProcessesWith(_folder.Path));
    }

    [Fact]
    public async Task AProgramThatChattersOnStandardErrorIsNotBlocked()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        Script($"head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; cat '{_folder.File("picture.jpg")}'");

        Assert.Equal(Picture, (await Camera().CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task ArgumentsArriveAsTheyAreWritten()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        Script($"[ \"$#\" = 2 ] && [ \"$1\" = 'a b' ] && [ \"$2\" = '$HOME; rm' ] && cat '{_folder.File("picture.jpg")}'");
        CommandCamera camera = new(new CommandCameraOptions { Program = _folder.File("camera"), Arguments = ["a b", "$HOME; rm"] }, TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal(Picture, (await camera.CaptureAsync(Cancellation)).Bytes.ToArray());
    }

    [Fact]
    public async Task AProgramThatIsGoneIsAnErrorAndNoCrash()
    {
        Assert.Equal("camera-failed", (await FailureOf(Camera())).Code);
    }

    void Script(string body) => ShellScript.Write(_folder, "camera", body);

    // A program of its own, so that the test can look for it by the folder in its command line.
    string Sleeper() => ShellScript.Write(_folder, "sleeper", "while true; do sleep 0.1; done");

    Camera Camera() => New(TimeSpan.FromSeconds(30));
}
