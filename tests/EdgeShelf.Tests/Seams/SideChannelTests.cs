using System.Text.Json;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>What only shows a picture or its result costs no result when it fails, in whatever way. The faults at the broker and the page are in the chaos run.</summary>
public sealed class SideChannelTests
{
    [Fact]
    public async Task ACopyForDisplayThatFailsCostsNoResult()
    {
        int asked = 0;
        // Of a kind that nobody expects: Skia throws a plain Exception when it has no memory for a bitmap.
        PictureCopies Fail(Frame frame, Picture picture) => ++asked == 1 ? throw new NotSupportedException("Unable to allocate pixels for the bitmap.") : Thumbnail.CopiesOf(frame, picture);
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(services => services.AddSingleton<Func<Frame, Picture, PictureCopies>>(Fail));
        shelf.ShowPlain("a.jpg", SKColors.Green);

        // Copies are made while somebody looks.
        shelf.Services.GetRequiredService<ShelfHistory>().Looked();
        JsonElement first = await shelf.CaptureAsync();
        shelf.ShowPlain("b.jpg", SKColors.Red);
        JsonElement second = await shelf.CaptureAsync();

        Assert.Equal([1, 2], [first.GetProperty("seq").GetInt64(), second.GetProperty("seq").GetInt64()]);
        Assert.Equal("Green-Pear", first.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
        PastResult shown = Assert.Single(shelf.Services.GetRequiredService<ShelfHistory>().OldestFirst);
        Assert.Equal(2, shown.Result.Seq);
        Assert.Contains("cannot be shown", string.Join("\n", shelf.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListenerToTheStateThatFailsCostsNoResultAndNoService()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        int told = 0;
        shelf.Status.Changed += () =>
        {
            told++;
            throw new NotSupportedException("A page that is broken.");
        };
        shelf.ShowPlain("a.jpg", SKColors.Green);

        JsonElement first = await shelf.CaptureAsync();
        File.WriteAllText(Path.Combine(shelf.Pictures, "b.jpg"), "rubbish");
        JsonElement failed = await shelf.CaptureAsync();
        JsonElement next = await shelf.CaptureAsync();

        Assert.Equal(1, first.GetProperty("seq").GetInt64());
        Assert.Equal("not-a-picture", failed.GetProperty("code").GetString());
        Assert.Equal("Green-Pear", next.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
        Assert.True(told >= 3, $"told {told} times");
        Assert.Single(shelf.Log.Lines, line => line.Contains("cannot be shown", StringComparison.Ordinal));
    }
}
