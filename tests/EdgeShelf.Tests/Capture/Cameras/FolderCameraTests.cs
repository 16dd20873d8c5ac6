using System.Diagnostics;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class FolderCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();
    bool _hangs;

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new FolderCamera(new FolderCameraOptions { Path = _folder.Path }, timeout, clock);

    protected override void Show(byte[] picture)
    {
        LetGo();
        File.Delete(_folder.File("a.jpg"));
        File.WriteAllBytes(_folder.File("a.jpg"), picture);
    }

    protected override void ShowNothing() => File.Delete(_folder.File("a.jpg"));

    protected override void ShowRubbish() => File.WriteAllText(_folder.File("a.jpg"), "<html>no picture</html>");

    // A pipe that nobody writes to is to its reader what a dead network mount is.
    protected override void Hang()
    {
        Process.Start("mkfifo", [_folder.File("a.jpg")]).WaitForExit();
        _hangs = true;
    }

    public override async ValueTask DisposeAsync()
    {
        LetGo();
        await base.DisposeAsync();
        _folder.Dispose();
    }

    void LetGo()
    {
        if (_hangs)
            new FileStream(_folder.File("a.jpg"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
        _hangs = false;
    }

    [Fact]
    public async Task PicturesComeInTheOrderOfTheirNamesAndBeginAgain()
    {
        foreach (string name in (string[])["b.png", "a.jpg", "C.JPEG", "notes.txt"])
            File.WriteAllBytes(_folder.File(name), Picture);

        Assert.Equal(["C.JPEG", "a.jpg", "b.png", "C.JPEG"], await NamesOf(4, New(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public async Task AFolderOfOtherFormatsSaysWhatItHolds()
    {
        File.WriteAllBytes(_folder.File("shelf.heic"), Picture);

        CaptureException refusal = await FailureOf(New(TimeSpan.FromSeconds(30)));

        Assert.Equal("no-picture", refusal.Code);
        Assert.Contains("shelf.heic was left out", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APictureOfAnotherFormatUnderAJpegsNameIsNamed()
    {
        File.WriteAllText(_folder.File("a.jpg"), "\0\0\0\u001Cftypheic\0\0\0\0mif1heic");

        CaptureException refusal = await FailureOf(New(TimeSpan.FromSeconds(30)));

        Assert.Equal("not-a-picture", refusal.Code);
        Assert.Contains("the format HEIC", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutLoopTheReplayEndsAndSaysSo()
    {
        Show(Picture);
        FolderCamera camera = new(new FolderCameraOptions { Path = _folder.Path, Loop = false }, TimeSpan.FromSeconds(30), TimeProvider.System);
        await camera.CaptureAsync(Cancellation);

        CaptureException end = await FailureOf(camera);

        Assert.Equal("no-picture", end.Code);
        Assert.Contains("replayed", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABadFileFailsOnceARoundAndDoesNotStopTheReplay()
    {
        File.WriteAllBytes(_folder.File("a.jpg"), []);
        File.WriteAllBytes(_folder.File("b.jpg"), Picture);
        Camera camera = New(TimeSpan.FromSeconds(30));

        CaptureException bad = await FailureOf(camera);
        Frame good = await camera.CaptureAsync(Cancellation);

        Assert.Equal("no-picture", bad.Code);
        Assert.Contains("a.jpg", bad.Message, StringComparison.Ordinal);
        Assert.Equal("b.jpg", good.Name);
    }

    [Fact]
    public async Task FilesMayComeAndGoBetweenTwoPictures()
    {
        File.WriteAllBytes(_folder.File("a.jpg"), Picture);
        File.WriteAllBytes(_folder.File("b.jpg"), Picture);
        Camera camera = New(TimeSpan.FromSeconds(30));
        await camera.CaptureAsync(Cancellation);
        File.Delete(_folder.File("b.jpg"));
        File.WriteAllBytes(_folder.File("c.jpg"), Picture);

        Assert.Equal(["c.jpg", "a.jpg"], await NamesOf(2, camera));
    }

    [Fact]
    public async Task AFolderThatIsNotThereIsUnreachable()
    {
        FolderCamera camera = new(new FolderCameraOptions { Path = _folder.File("absent") }, TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal("camera-unreachable", (await FailureOf(camera)).Code);
    }

    [Fact]
    public async Task AFileAboveTheLimitIsNotRead()
    {
        using (FileStream large = File.Create(_folder.File("a.jpg")))
            large.SetLength(FrameBytes.MaxBytes + 1);

        Assert.Equal("too-large", (await FailureOf(New(TimeSpan.FromSeconds(30)))).Code);
    }

    static async Task<List<string?>> NamesOf(int count, Camera camera)
    {
        List<string?> names = [];
        for (int i = 0; i < count; i++)
            names.Add((await camera.CaptureAsync(Cancellation)).Name);
        return names;
    }
}
