using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class FolderCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();
    readonly ManualResetEventSlim _answers = new(initialState: true);

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) =>
        new FolderCamera(new FolderCameraOptions { Path = _folder.Path }, timeout, clock, Read);

    protected override void Show(byte[] picture)
    {
        _answers.Set();
        File.Delete(_folder.File("a.jpg"));
        File.WriteAllBytes(_folder.File("a.jpg"), picture);
    }

    protected override void ShowNothing() => File.Delete(_folder.File("a.jpg"));

    protected override void ShowRubbish() => File.WriteAllText(_folder.File("a.jpg"), "<html>no picture</html>");

    protected override void Hang()
    {
        File.WriteAllBytes(_folder.File("a.jpg"), Picture);
        _answers.Reset();
    }

    /// <summary>The read of a dead network mount does not return.</summary>
    byte[] Read(string path, int maxBytes)
    {
        _answers.Wait();
        return RegularFile.ReadAllBytes(path, maxBytes);
    }

    public override async ValueTask DisposeAsync()
    {
        _answers.Set();
        await base.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Each look at a watched folder listed it twice: once for the pictures, and once for those that are passed over.</summary>
    [Fact]
    public void OneListingHasThePicturesAndWhatIsPassedOver()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["b.jpg", "a.PNG", "IMG_1.HEIC", "notes.txt"])
            File.WriteAllBytes(folder.File(name), [1]);

        PictureListing listing = new PictureFolder(folder.Path).List();

        Assert.Equal(["a.PNG", "b.jpg"], listing.Pictures.Select(file => file.Name));
        Assert.StartsWith("IMG_1.HEIC was left out", listing.PassedOver);
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

    /// <summary>A link to the token printed its first 16 characters in an event, /dev/zero filled the memory, and a pipe stopped the folder.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("device")]
    [InlineData("pipe")]
    public async Task OnlyRegularFilesAreRead(string kind)
    {
        string folder = Directory.CreateTempSubdirectory("edgeshelf-special-").FullName;
        string file = Path.Combine(folder, "a.jpg");
        File.WriteAllText(Path.Combine(folder, "token"), "0123456789abcdef");
        if (kind == "pipe")
            Run("mkfifo", file);
        else if (kind == "device")
            Run("mknod", file, "c", "1", "5");
        else
            File.CreateSymbolicLink(file, Path.Combine(folder, "token"));
        FolderCamera camera = new(new FolderCameraOptions { Path = folder }, TimeSpan.FromSeconds(10), TimeProvider.System);

        CaptureException problem = await FailureOf(camera);
        File.Delete(file);
        File.WriteAllBytes(file, Picture);
        Frame next = await camera.CaptureAsync(Cancellation);

        Assert.Equal("no-picture", problem.Code);
        Assert.DoesNotContain("0123", problem.Message, StringComparison.Ordinal);
        Assert.Equal(Picture, next.Bytes.ToArray());
        await camera.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    static void Run(string program, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"{program} is not allowed here.");
    }
}
