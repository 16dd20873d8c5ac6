using System.Text;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The part Review of the page, in front of a real device whose queue is filled: `Browser/review.mjs` has what is done there.</summary>
public sealed class ReviewPageTests
{
    const string Slots = """{"slots":[{"slot":"1-01","shelf":1,"x":0,"y":0,"width":0.2,"height":0.5},{"slot":"1-02","shelf":1,"x":0.3,"y":0,"width":0.2,"height":0.5},{"slot":"2-01","shelf":2,"x":0,"y":0.5,"width":0.2,"height":0.5},{"slot":"2-02","shelf":2,"x":0.3,"y":0.5,"width":0.2,"height":0.5}]}""";
    const string Planogram = """{"name":"bay-4","version":"1","products":[{"label":"tea","name":"Green tea"},{"label":"jam","name":"Plum jam"}],"positions":[{"slot":"1-01","shelf":1,"position":1,"label":"tea"},{"slot":"1-02","shelf":1,"position":2,"label":"jam"},{"slot":"2-01","shelf":2,"position":1,"label":"jam"},{"slot":"2-02","shelf":2,"position":2,"label":"tea"}]}""";

    [Fact]
    public Task WhatWaitsIsConfirmedCorrectedAndTakenBack() => CheckAsync("answers");

    [Fact]
    public Task ManyAreSelectedWithShiftByDraggingAndWithTheKeyboard() => CheckAsync("selects");

    [Fact]
    public Task OnAPhoneALongPressSelects() => CheckAsync("phone");

    [Fact]
    public Task WhatCameMeanwhileAndWhatOthersAnsweredIsShown() => CheckAsync("live");

    [Fact]
    public async Task AnyNameIsShownAsText()
    {
        await using ShelfOnTheWeb shelf = await StartAsync();
        await ReviewRoutesTests.AddAsync(shelf, 1, "<img src=x onerror=alert(1)>", "<b>" + new string('梨', 195) + "</b>", ReviewReasons.CloseCall, expected: "<script>alert(1)</script>");
        await BrowserChecks.RunAsync(shelf, "review.mjs", "hostile");
    }

    [Fact]
    public async Task WithoutAnythingToReviewThePageSaysSo()
    {
        await using ShelfOnTheWeb shelf = await StartAsync();
        await BrowserChecks.RunAsync(shelf, "review.mjs", "nothing");
    }

    static async Task CheckAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await StartAsync();
        (string Slot, string? Says, string Reason, string? Expected)[] questions =
        [
            ("1-01", "tea", ReviewReasons.CloseCall, "tea"), ("1-02", null, ReviewReasons.UnknownProduct, "jam"), ("2-01", "tea", ReviewReasons.Changed, "jam"),
            ("2-02", null, ReviewReasons.Changed, "tea"), ("1-01", null, ReviewReasons.UnknownProduct, "tea"), ("shelf", "Red-Apple", ReviewReasons.LowConfidence, null),
            ("2-01", null, ReviewReasons.UnknownProduct, "jam"), ("2-02", "jam", ReviewReasons.Changed, "tea"), ("1-02", "tea", ReviewReasons.Changed, "jam"),
        ];
        // Three were answered before.
        ReviewQueue queue = shelf.Services.GetRequiredService<ReviewQueue>();
        foreach (int seed in new[] { 20, 21, 22 })
            queue.Answer([new ReviewAnswer(await ReviewRoutesTests.AddAsync(shelf, seed, "1-01", "tea", ReviewReasons.CloseCall, "tea"), ReviewAnswers.Confirm, "tea", seed > 20)], null);
        for (int at = 0; at < questions.Length; at++)
            await ReviewRoutesTests.AddAsync(shelf, at, questions[at].Slot, questions[at].Says, questions[at].Reason, questions[at].Expected);
        await BrowserChecks.RunAsync(shelf, "review.mjs", check);
    }

    static async Task<ShelfOnTheWeb> StartAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        foreach ((string path, string json) in new[] { ("/api/slots", Slots), ("/api/planogram", Planogram) })
        {
            using HttpResponseMessage answer = await shelf.Http.PutAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        shelf.Show("1.png", PicturesOf.Scene(format: SKEncodedImageFormat.Png));
        await shelf.CaptureAsync();
        return shelf;
    }
}
