using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The page without slots, in a real Chromium: `Browser/page.mjs` has what is looked at.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task ItShowsTheShelfLiveTakesAPictureByKeyboardAndTriesAnUpload()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Speckled(SKColors.Red));
        await shelf.CaptureAsync();
        shelf.Show("2.png", PicturesOf.Speckled(SKColors.Lime));
        string upload = shelf.File("upload.png");
        await File.WriteAllBytesAsync(upload, PicturesOf.Speckled(new SKColor(110, 110, 255)), TestContext.Current.CancellationToken);

        await CheckAsync(shelf, "live", upload);
    }

    [Fact]
    public async Task APictureThatCannotBeUsedIsMarkedAndFound()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("1.png", SKColors.Black);
        await shelf.CaptureAsync();
        string upload = shelf.File("black.png");
        await File.WriteAllBytesAsync(upload, PicturesOf.Plain(SKColors.Black, format: SKEncodedImageFormat.Png), TestContext.Current.CancellationToken);

        await CheckAsync(shelf, "review", upload);
    }

    [Fact]
    public async Task ACameraThatFailsIsSaidPlainly()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await shelf.CaptureAsync();

        await CheckAsync(shelf, "offline");
    }

    [Fact]
    public async Task OneBadFileCostsNoAnswerAndManyLeaveNoHole()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        string good = shelf.File("good.png"), bad = shelf.File("holiday.jpg");
        await File.WriteAllBytesAsync(good, PicturesOf.Speckled(new SKColor(110, 110, 255)), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bad, "<html>no picture</html>", TestContext.Current.CancellationToken);

        await BrowserChecks.RunAsync(shelf.Address, "page.mjs", "uploads", TimeSpan.FromMinutes(2), good, bad);
    }

    [Fact]
    public async Task AnUploadThatIsNoPictureIsExplained()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        string upload = shelf.File("holiday.jpg");
        await File.WriteAllTextAsync(upload, "<html>no picture</html>", TestContext.Current.CancellationToken);

        await CheckAsync(shelf, "refused", upload);
    }

    [Fact]
    public async Task AWrongTokenIsSaidAndTheRightOneOpensThePage()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        shelf.Show("1.png", PicturesOf.Speckled(SKColors.Red));

        await CheckAsync(shelf, "login", shelf.File("token"));
    }

    [Fact]
    public async Task ACodeOfTheDeviceOpensThePage()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string code = new PairingCode(shelf.File("token"), TimeProvider.System).Begin();
        await File.WriteAllTextAsync(shelf.File("code"), PairingCode.Shown(code), TestContext.Current.CancellationToken);

        await CheckAsync(shelf, "pair", shelf.File("code"));
    }

    static Task CheckAsync(ShelfOnTheWeb shelf, string check, string? file = null) => BrowserChecks.RunAsync(shelf, "page.mjs", check, file);
}
