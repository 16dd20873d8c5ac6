using System.Net;
using System.Text;
using System.Text.Json;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>From a picture of the camera to a question, from its answer to an example, and from the example to what the next picture says.</summary>
public sealed class ReviewSeamTests
{
    const string Slots = """{"slots":[{"slot":"1-01","shelf":1,"x":0.05,"y":0.1,"width":0.2,"height":0.4},{"slot":"1-02","shelf":1,"x":0.7,"y":0.1,"width":0.2,"height":0.4}]}""";
    const string Planogram = """{"name":"bay-4","version":"1","products":[{"label":"tea","name":"Tea"},{"label":"jam","name":"Jam"}],"positions":[{"slot":"1-01","shelf":1,"position":1,"label":"tea"},{"slot":"1-02","shelf":1,"position":2,"label":"jam"}]}""";

    static readonly SKColor Red = new(220, 30, 30), Blue = new(30, 30, 220), Green = new(20, 230, 40);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsNotKnownIsAskedLearnedAndTakenBack()
    {
        await using ShelfOnTheWeb shelf = await TaughtAsync();
        Assert.Equal(0, (await StateAsync(shelf)).GetProperty("review_waiting").GetInt32());

        // Something that was never taught is put into the second place.
        await LookUntilAsync(shelf, Red, Green, "1-02", "unknown");
        JsonElement review = await WaitAsync(shelf, 1);
        JsonElement entry = review.GetProperty("entries")[0];
        Assert.Equal(("1-02", "changed", JsonValueKind.Null, "Jam"), (Text(entry, "slot"), Text(entry, "reason"), entry.GetProperty("says").ValueKind, Text(entry.GetProperty("expected"), "name")));
        Assert.StartsWith("shelf-07-", Text(entry, "result"), StringComparison.Ordinal);
        long id = entry.GetProperty("id").GetInt64();
        Assert.Equal(id, (await StateAsync(shelf)).GetProperty("review_newest").GetInt64());
        byte[] crop = await shelf.Http.GetByteArrayAsync($"/api/review/{id}/crop.jpg", Cancellation);
        using (SKBitmap picture = SKBitmap.Decode(crop))
        {
            SKColor middle = picture.GetPixel(picture.Width / 2, picture.Height / 4);
            Assert.True(middle.Green > 150 && middle.Red < 120, $"the crop shows {middle} instead of what stands there");
        }

        // The next pictures show the same, which is not asked again.
        for (int look = 0; look < 3; look++)
            await LookAsync(shelf, Red, Green);
        review = await shelf.GetAsync("/api/review");
        Assert.Equal(1, review.GetProperty("waiting").GetInt32());
        Assert.True(review.GetProperty("entries")[0].GetProperty("seen").GetInt32() >= 4);

        JsonElement answered = await SendAsync(shelf, HttpMethod.Post, "/api/review", $$"""{"ids":[{{id}}],"answer":"correct","label":"honey","name":"<b>Honey</b>"}""");
        Assert.Equal((1, 1, 0), (answered.GetProperty("answered").GetArrayLength(), answered.GetProperty("right").GetInt32(), answered.GetProperty("waiting").GetInt32()));
        Assert.Equal(0, (await StateAsync(shelf)).GetProperty("review_waiting").GetInt32());
        JsonElement week = (await shelf.GetAsync("/api/review")).GetProperty("weeks")[0];
        Assert.Equal((1, 1), (week.GetProperty("answered").GetInt32(), week.GetProperty("right").GetInt32()));
        Assert.Contains("""edgeshelf_review_answers_total{answer="correct",right="yes"} 1""", await shelf.Http.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
        // The next picture knows it. That it is a wrong product there is confirmed, and no question any more.
        await LookUntilAsync(shelf, Red, Green, "1-02", "mismatch");
        Assert.Equal("honey", Text((await SlotAsync(shelf, "1-02")), "seen"));

        await SendAsync(shelf, HttpMethod.Post, "/api/review/undo", $$"""{"turn":{{answered.GetProperty("turn").GetInt64()}}}""");
        Assert.Equal(2, (await shelf.GetAsync("/api/examples")).GetProperty("examples").GetArrayLength());
        Assert.Contains(id, (await shelf.GetAsync("/api/review")).GetProperty("entries").EnumerateArray().Select(each => each.GetProperty("id").GetInt64()));
        await LookUntilAsync(shelf, Red, Green, "1-02", "unknown");
    }

    [Fact]
    public async Task AQuestionThatWaitsIsAskedWithTheNewNameOfItsProduct()
    {
        await using ShelfOnTheWeb shelf = await TaughtAsync();
        // Tea stands where jam belongs: the question says that it is tea.
        await LookUntilAsync(shelf, Red, Red, "1-02", "mismatch");
        JsonElement entry = (await WaitAsync(shelf, 1)).GetProperty("entries")[0];
        Assert.Equal("tea", Text(entry.GetProperty("says"), "label"));

        await SendAsync(shelf, HttpMethod.Patch, "/api/products/tea", """{"label":"green-tea","name":"Green tea","confirm":true}""");
        JsonElement renamed = (await shelf.GetAsync("/api/review")).GetProperty("entries")[0];
        Assert.Equal(("green-tea", "Green tea"), (Text(renamed.GetProperty("says"), "label"), Text(renamed.GetProperty("says"), "name")));
        await SendAsync(shelf, HttpMethod.Post, "/api/examples/undo", "{}");
        JsonElement before = (await shelf.GetAsync("/api/review")).GetProperty("entries")[0];
        Assert.Equal("tea", Text(before.GetProperty("says"), "label"));
    }

    [Fact]
    public async Task WithoutSlotsThePictureThatIsNotSureWaits()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Vision:MinConfidence", "1"), ("Vision:CacheMaxDifference", "0"));
        shelf.Show("1.png", PicturesOf.Speckled(new SKColor(200, 90, 60)));
        await shelf.CaptureAsync();

        JsonElement entry = (await WaitAsync(shelf, 1)).GetProperty("entries")[0];
        Assert.Equal(("shelf", "low-confidence", "Red-Apple"), (Text(entry, "slot"), Text(entry, "reason"), Text(entry.GetProperty("says"), "label")));

        // The same again, and something black that nobody could answer.
        shelf.Show("2.png", PicturesOf.Speckled(new SKColor(200, 92, 60)));
        await shelf.CaptureAsync();
        shelf.ShowPlain("3.png", SKColors.Black);
        await shelf.CaptureAsync();
        shelf.Show("4.png", PicturesOf.Speckled(new SKColor(60, 90, 200)));
        await shelf.CaptureAsync();
        JsonElement two = await WaitAsync(shelf, 2);
        Assert.Equal(["Blue-Plum", "Red-Apple"], two.GetProperty("entries").EnumerateArray().Select(each => Text(each.GetProperty("says"), "label")));

        // An upload stays with the person who sent it.
        using (await shelf.PredictAsync(PicturesOf.Speckled(new SKColor(60, 200, 90)))) { }
        Assert.Equal(2, (await shelf.GetAsync("/api/review")).GetProperty("waiting").GetInt32());

        long[] ids = [.. two.GetProperty("entries").EnumerateArray().Select(each => each.GetProperty("id").GetInt64())];
        JsonElement answered = await SendAsync(shelf, HttpMethod.Post, "/api/review", $$"""{"ids":[{{string.Join(",", ids)}}],"answer":"confirm"}""");
        Assert.Equal((2, JsonValueKind.Null), (answered.GetProperty("right").GetInt32(), answered.GetProperty("lesson").ValueKind));
        Assert.Empty((await shelf.GetAsync("/api/examples")).GetProperty("examples").EnumerateArray());
    }

    /// <summary>A shelf of two places that was taught what belongs there, and shows it.</summary>
    static async Task<ShelfOnTheWeb> TaughtAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await SendAsync(shelf, HttpMethod.Put, "/api/slots", Slots);
        await SendAsync(shelf, HttpMethod.Put, "/api/planogram", Planogram);
        await LookAsync(shelf, Red, Blue);
        await SendAsync(shelf, HttpMethod.Post, "/api/examples", """{"slots":["1-01","1-02"],"expected":true}""");
        await LookUntilAsync(shelf, Red, Blue, "1-02", "match");
        return shelf;
    }

    /// <summary>The keeper cuts and writes in the background.</summary>
    static async Task<JsonElement> WaitAsync(ShelfOnTheWeb shelf, int waiting)
    {
        ReviewQueue queue = shelf.Services.GetRequiredService<ReviewQueue>();
        await Wait.UntilAsync(() => queue.Now.Waiting.Count >= waiting);
        JsonElement review = await shelf.GetAsync("/api/review");
        Assert.Equal(waiting, review.GetProperty("waiting").GetInt32());
        return review;
    }

    static async Task LookUntilAsync(ShelfOnTheWeb shelf, SKColor first, SKColor second, string slot, string verdict)
    {
        string? found = null;
        for (int look = 0; look < 12 && found != verdict; look++)
        {
            await LookAsync(shelf, first, second);
            found = Text(await SlotAsync(shelf, slot), "verdict");
        }
        Assert.True(found == verdict, $"{slot} is {found} and not {verdict}: {shelf.Services.GetRequiredService<LatestLook>().Now}");
    }

    static async Task<JsonElement> SlotAsync(ShelfOnTheWeb shelf, string slot) => (await shelf.GetAsync($"/api/shelf/slots/{slot}")).Clone();

    static Task<JsonElement> StateAsync(ShelfOnTheWeb shelf) => shelf.GetAsync("/api/state");

    static async Task LookAsync(ShelfOnTheWeb shelf, SKColor first, SKColor second)
    {
        shelf.Show("1.png", Picture(first, second));
        await shelf.CaptureAsync();
    }

    /// <summary>A shelf with two products, each of one colour with a darker lower half.</summary>
    static byte[] Picture(SKColor first, SKColor second)
    {
        using SKBitmap scene = SKBitmap.Decode(PicturesOf.Scene());
        using SKBitmap bitmap = scene.Copy(SKColorType.Rgba8888);
        using (SKCanvas canvas = new(bitmap))
        {
            foreach ((SKColor colour, float x) in new[] { (first, 0.05f), (second, 0.7f) })
            {
                SKRect slot = SKRect.Create(x * bitmap.Width, 0.1f * bitmap.Height, 0.2f * bitmap.Width, 0.4f * bitmap.Height);
                using SKPaint paint = new() { Color = colour };
                canvas.DrawRect(slot, paint);
                paint.Color = new SKColor((byte)(colour.Red / 2), (byte)(colour.Green / 2), (byte)(colour.Blue / 2));
                canvas.DrawRect(SKRect.Create(slot.Left, slot.MidY, slot.Width, slot.Height / 2), paint);
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    static async Task<JsonElement> SendAsync(ShelfOnTheWeb shelf, HttpMethod method, string path, string json)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using HttpResponseMessage answer = await shelf.Http.SendAsync(request, Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} was answered with {answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
