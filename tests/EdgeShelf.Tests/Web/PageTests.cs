using System.Diagnostics;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The page in a real Chromium: `Browser/page.mjs` has what is looked at. Screenshots are left in `artifacts/page`.</summary>
public sealed class PageTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Web", "Browser");

    [Fact]
    public async Task ItShowsTheShelfLiveTakesAPictureByKeyboardAndTriesAnUpload()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Speckled(SKColors.Red));
        await shelf.CaptureAsync();
        shelf.Show("2.png", PicturesOf.Speckled(SKColors.Lime));
        string upload = shelf.File("upload.png");
        await File.WriteAllBytesAsync(upload, PicturesOf.Speckled(SKColors.Blue), TestContext.Current.CancellationToken);

        await CheckAsync(shelf, "live", upload);
    }

    [Fact]
    public async Task APictureThatCannotBeUsedIsMarkedAndFound()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("1.png", SKColors.Black);
        await shelf.CaptureAsync();

        await CheckAsync(shelf, "review");
    }

    [Fact]
    public async Task ACameraThatFailsIsSaidPlainly()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await shelf.CaptureAsync();

        await CheckAsync(shelf, "offline");
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

    static async Task CheckAsync(ShelfOnTheWeb shelf, string check, string? file = null)
    {
        Assert.SkipUnless(ProgramsOnPath.Find("chromium") is not null, "chromium is not installed.");
        Assert.SkipUnless(ProgramsOnPath.Find("node") is not null, "node is not installed.");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), $"playwright-core is not installed: npm ci in {Path.GetRelativePath(Checkout.Root, Folder)}, as scripts/test.sh does.");
        string artifacts = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "page")).FullName;
        string[] arguments = [Path.Combine(Folder, "page.mjs"), check, shelf.Address.ToString(), artifacts, .. file is null ? Array.Empty<string>() : [file]];
        using Process node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardError = true })!;
        using CancellationTokenSource limit = new(Limit);
        try
        {
            string complaints = await node.StandardError.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, complaints);
        }
        finally
        {
            if (!node.HasExited)
                node.Kill(entireProcessTree: true);
        }
    }
}
