using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Web;

/// <summary>The page of a shelf with slots: `Browser/shelf.mjs` has what is looked at, in front of a device that the check plays.</summary>
public sealed class ShelfPageTests
{
    [Fact]
    public Task WhatIsMissingStandsFirstAndChangesAreShownLive() => CheckAsync("shelf");

    [Fact]
    public Task TheKeyboardGoesThroughThePictureAndOpensAPlace() => CheckAsync("keyboard");

    [Fact]
    public Task APlaceSaysWhyAndIsTaughtWithAnUndo() => CheckAsync("slot");

    [Fact]
    public Task AnInstallerTeachesManyPlacesAtOnce() => CheckAsync("teaching");

    [Fact]
    public Task AViewThatShowsNoShelfIsSaidAndANewOneIsTakenOnlyWhenAgreed() => CheckAsync("views");

    [Fact]
    public Task ATrainingIsOfferedShownUsedAndTakenBack() => CheckAsync("training");

    [Fact]
    public Task TwoHundredPlacesAndAnyNameFitOnAPhone() => CheckAsync("many");

    static async Task CheckAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Scene(format: SkiaSharp.SKEncodedImageFormat.Png));
        await shelf.CaptureAsync();
        string crop = shelf.File("crop.jpg");
        await File.WriteAllBytesAsync(crop, PicturesOf.Scene(120, 200), TestContext.Current.CancellationToken);
        await BrowserChecks.RunAsync(shelf, "shelf.mjs", check, crop);
    }
}
