using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The editor of places on a real device: `Browser/editor.mjs` has what is done.</summary>
public sealed class EditorTests
{
    [Fact]
    public Task PlacesAreDrawnWithTheMouseAndSaved() => CheckAsync("mouse");

    [Fact]
    public Task PlacesAreDrawnMovedAndSavedWithTheKeyboardAlone() => CheckAsync("keyboard");

    [Fact]
    public Task PlacesAreDrawnMovedAndSelectedWithAThumb() => CheckAsync("touch");

    [Fact]
    public Task NoMistakeConflictOrReloadCostsTheDrawing() => CheckAsync("mistakes");

    [Fact]
    public async Task TablesAreImportedExportedAndRefusedWhole()
    {
        await using ShelfOnTheWeb shelf = await WithPictureAsync();
        string folder = Directory.CreateDirectory(shelf.File("tables")).FullName;
        await WriteAsync(folder, "good.csv", "slot;shelf;x;y;width;height\r\n1-01;1;0,1;0,1;0,1;0,2\r\n1-02;1;0,3;0,1;0,1;0,2\r\n");
        await WriteAsync(folder, "bad.csv", "slot,shelf,x,y,width,height\n1-01,1,0.1,0.1,0.1,0.2\n1-01,1,0.3,0.1,0.1,0.2\n");

        await BrowserChecks.RunAsync(shelf, "editor.mjs", "files", folder);
    }

    static async Task CheckAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await WithPictureAsync();
        await BrowserChecks.RunAsync(shelf, "editor.mjs", check);
    }

    static async Task<ShelfOnTheWeb> WithPictureAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Scene(format: SKEncodedImageFormat.Png));
        await shelf.CaptureAsync();
        return shelf;
    }

    static Task WriteAsync(string folder, string name, string text) => File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
}
