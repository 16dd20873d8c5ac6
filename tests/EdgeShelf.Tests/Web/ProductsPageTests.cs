using System.Net;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The products on the page, and teaching with its questions: `Browser/products.mjs` has what is looked at.</summary>
public sealed class ProductsPageTests
{
    [Fact]
    public Task AProductSaysHowWellItIsKnownAndWhatIsDoubtful() => CheckAsync("known");

    [Fact]
    public Task ExamplesAreDeletedAndMovedAndProductsRenamedMergedAndForgottenWithAnUndo() => CheckAsync("changed");

    [Fact]
    public Task WhatATeachingWouldChangeIsSaidBeforeIt() => CheckAsync("preview");

    [Fact]
    public Task ABarcodeFindsAKnownProductFirstAndANewOneKeepsItsNumbers() => CheckAsync("barcodes");

    [Fact]
    public async Task TwoPhonesTeachNamesOfEveryKindAtOnce()
    {
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Cyan, SKColors.Yellow];
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Capture:FrozenAfter", "0"));
        shelf.Show("1.png", PicturesOf.Speckled(colours, 480, 240));
        using StringContent slots = new(
            $$"""{"schema":1,"slots":[{{string.Join(",", colours.Select((_, at) => $$"""{"slot":"1-0{{at + 1}}","shelf":1,"x":{{at * .25:0.00}},"y":0,"width":0.25,"height":1}"""))}}]}""",
            System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage set = await shelf.Http.PutAsync("/api/slots", slots, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        await shelf.CaptureAsync();

        await BrowserChecks.RunAsync(shelf, "products.mjs", "phones");
    }

    static async Task CheckAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Scene(format: SKEncodedImageFormat.Png));
        await shelf.CaptureAsync();
        string crop = shelf.File("crop.jpg");
        await File.WriteAllBytesAsync(crop, PicturesOf.Scene(120, 200), TestContext.Current.CancellationToken);
        await BrowserChecks.RunAsync(shelf, "products.mjs", check, crop);
    }
}
