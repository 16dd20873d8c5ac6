using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>What the page says is so: `Browser/truth.mjs` has what is looked at, in front of a device that the check plays.</summary>
public sealed class TruthPageTests
{
    [Fact]
    public Task GreenMeansThatNothingWaitsForAPerson() => CheckAsync("green");

    [Fact]
    public Task WhatIsPastIsSaidToBePast() => CheckAsync("past");

    [Fact]
    public Task HowOftenPicturesComeIsWhatIsMeasured() => CheckAsync("pace");

    [Fact]
    public Task CardsAreInLineWideScreensAreUsedAndNamesAreToldApart() => CheckAsync("shape");

    [Fact]
    public Task EachLanguageHasItsOwnWordsAndTheChoiceIsRemembered() => CheckAsync("languages");

    [Fact]
    public Task TheDayIsShownByHoursWithPictureAfterPicture() => CheckAsync("day");

    static async Task CheckAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("1.png", PicturesOf.Speckled(SKColors.Red));
        await shelf.CaptureAsync();
        string crop = shelf.File("crop.jpg");
        await File.WriteAllBytesAsync(crop, PicturesOf.Scene(640, 480), TestContext.Current.CancellationToken);
        await BrowserChecks.RunAsync(shelf, "truth.mjs", check, crop);
    }
}
