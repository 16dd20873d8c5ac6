using System.Net;
using System.Text.Json;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Web;

public sealed class ReviewRoutesTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWaitsIsListedNewestFirstAndFiltered()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        long first = await AddAsync(shelf, 1, "1-01", "tea", ReviewReasons.CloseCall), second = await AddAsync(shelf, 2, "1-02", null, ReviewReasons.UnknownProduct);

        JsonElement all = await shelf.GetAsync("/api/review");
        Assert.Equal([second, first], Ids(all));
        Assert.Equal(0, all.GetProperty("weeks").GetArrayLength());
        Assert.Matches(@"(?m)^edgeshelf_review_waiting(\{\})? 2$", await shelf.Http.GetStringAsync("/metrics", Cancellation));
        JsonElement entry = all.GetProperty("entries")[1];
        Assert.Equal(("tea", 0.81, "jam"), (entry.GetProperty("says").GetProperty("label").GetString(), entry.GetProperty("confidence").GetDouble(), entry.GetProperty("expected").GetProperty("label").GetString()));
        Assert.Equal([first], Ids(await shelf.GetAsync("/api/review?reason=close-call")));
        Assert.Equal([second], Ids(await shelf.GetAsync("/api/review?slot=1-02")));
        JsonElement none = await shelf.GetAsync("/api/review?slot=9-99");
        Assert.Equal((0, 2), (none.GetProperty("entries").GetArrayLength(), none.GetProperty("waiting").GetInt32()));
        await AssertProblemAsync(await shelf.Http.GetAsync("/api/review?reason=%3Cb%3E", Cancellation), HttpStatusCode.BadRequest, TeachingException.BadRequest);
    }

    [Fact]
    public async Task ACropIsAPictureThatNeverChanges()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        long id = await AddAsync(shelf, 1, "1-01", "tea", ReviewReasons.CloseCall);

        using HttpResponseMessage crop = await shelf.Http.GetAsync($"/api/review/{id}/crop.jpg", Cancellation);

        Assert.Equal(("image/jpeg", true), (crop.Content.Headers.ContentType!.MediaType, crop.Headers.CacheControl!.Private));
        Assert.Equal(TeachingShelf.Swatch(1), await crop.Content.ReadAsByteArrayAsync(Cancellation));
        await AssertProblemAsync(await shelf.Http.GetAsync("/api/review/4711/crop.jpg", Cancellation), HttpStatusCode.NotFound, TeachingException.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await shelf.Http.GetAsync("/api/review/..%2F..%2Fetc/crop.jpg", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"ids":[],"answer":"confirm"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"ids":[ID],"answer":"yes"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"ids":[99999999999999999999],"answer":"skip"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"ids":[4711,-1],"answer":"skip"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"ids":[ID],"answer":"correct","label":".."}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"ids":[ID],"answer":"correct","label":"a","gtin":"123"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"ids":[ID],"answer":"confirm"}""", HttpStatusCode.UnprocessableEntity)]
    public async Task WhatIsNotUnderstoodIsRefusedAndChangesNothing(string body, HttpStatusCode status)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        long id = await AddAsync(shelf, 1, "1-01", null, ReviewReasons.UnknownProduct);

        JsonElement problem = await PostAsync(shelf, "/api/review", body.Replace("ID", $"{id}", StringComparison.Ordinal), status);

        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
        Assert.Equal(1, (await shelf.GetAsync("/api/review")).GetProperty("waiting").GetInt32());
        Assert.Empty(shelf.Services.GetRequiredService<ExampleStore>().Now.Examples);
    }

    [Fact]
    public async Task TenThousandIdsAreRefusedInOneMessage()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        JsonElement problem = await PostAsync(shelf, "/api/review", $$"""{"ids":[{{string.Join(",", Enumerable.Range(1, 10_000))}}],"answer":"skip"}""", HttpStatusCode.BadRequest);
        Assert.Contains("10000 entries; at most 1000", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await PostAsync(shelf, "/api/review", $$"""{"ids":[{{string.Join(",", Enumerable.Range(1_000_000, 10_000))}}],"answer":"skip"}""", HttpStatusCode.RequestEntityTooLarge);
        // A thousand that do not exist are one answer too.
        await PostAsync(shelf, "/api/review", $$"""{"ids":[{{string.Join(",", Enumerable.Range(1, 1000))}}],"answer":"skip"}""", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task AConfirmedAnswerIsTakenBackOnlyBeforeWhatCameLater()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        long first = await AddAsync(shelf, 1, "1-01", "tea", ReviewReasons.CloseCall), second = await AddAsync(shelf, 2, "1-02", "tea", ReviewReasons.CloseCall);
        JsonElement one = await PostAsync(shelf, "/api/review", $$"""{"ids":[{{first}},{{first}},4711],"answer":"correct","label":"tea"}""", HttpStatusCode.OK);
        Assert.Equal([first], one.GetProperty("answered").EnumerateArray().Select(id => id.GetInt64()));
        Assert.Equal("gone", one.GetProperty("not_answered")[0].GetProperty("code").GetString());
        Assert.Equal("tea", one.GetProperty("lesson").GetProperty("added")[0].GetProperty("label").GetString());
        JsonElement two = await PostAsync(shelf, "/api/review", $$"""{"ids":[{{second}}],"answer":"empty"}""", HttpStatusCode.OK);
        long turn = one.GetProperty("turn").GetInt64();

        await PostAsync(shelf, "/api/review/undo", $$"""{"turn":{{turn}}}""", HttpStatusCode.Conflict);
        await PostAsync(shelf, "/api/review/undo", $$"""{"turn":{{two.GetProperty("turn").GetInt64()}}}""", HttpStatusCode.OK);
        Assert.Equal([second, first], Ids(await PostAsync(shelf, "/api/review/undo", $$"""{"turn":{{turn}}}""", HttpStatusCode.OK)));
        await PostAsync(shelf, "/api/review/undo", $$"""{"turn":{{turn}}}""", HttpStatusCode.NotFound);
        await PostAsync(shelf, "/api/review/undo", "{}", HttpStatusCode.BadRequest);
        Assert.Empty(shelf.Services.GetRequiredService<ExampleStore>().Now.Examples);
    }

    [Fact]
    public async Task AQuestionHasTheOldNameAgainWhenAMergeIsTakenBack()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        foreach ((int seed, string label) in ((int, string)[])[(1, "tea"), (2, "jam")])
        {
            long taught = await AddAsync(shelf, seed, $"1-0{seed}", label, ReviewReasons.CloseCall);
            await PostAsync(shelf, "/api/review", $$"""{"ids":[{{taught}}],"answer":"correct","label":"{{label}}"}""", HttpStatusCode.OK);
        }
        await AddAsync(shelf, 3, "1-03", "tea", ReviewReasons.CloseCall);

        await PostAsync(shelf, "/api/products/tea/merge", """{"into":"jam","confirm":true}""", HttpStatusCode.OK);
        await SaysAsync("jam");
        await PostAsync(shelf, "/api/examples/undo", "", HttpStatusCode.OK);
        await SaysAsync("tea");

        async Task SaysAsync(string label)
        {
            ReviewQueue queue = shelf.Services.GetRequiredService<ReviewQueue>();
            await Wait.UntilAsync(() => queue.Now.Waiting is [{ } entry] && entry.Label == label, $"the question is about {label}");
        }
    }

    [Fact]
    public async Task AnotherSiteCannotAnswer()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        long id = await AddAsync(shelf, 1, "1-01", "tea", ReviewReasons.CloseCall);
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/review") { Content = new StringContent($$"""{"ids":[{{id}}],"answer":"skip"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "http://elsewhere.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using HttpResponseMessage answer = await shelf.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(1, (await shelf.GetAsync("/api/review")).GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task TurnedOffItListsNothingAndTheStateSaysNull()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Teaching:MaxReviews", "0"));

        Assert.Equal(0, (await shelf.GetAsync("/api/review")).GetProperty("waiting").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await shelf.GetAsync("/api/state")).GetProperty("review_waiting").ValueKind);
        Assert.False(File.Exists(shelf.File("state/review.db")));
        await AssertProblemAsync(await shelf.Http.GetAsync("/api/review/1/crop.jpg", Cancellation), HttpStatusCode.NotFound, TeachingException.NotFound);
    }

    /// <summary>Puts a question into the queue, as a picture of the camera does.</summary>
    internal static async Task<long> AddAsync(ShelfOnTheWeb shelf, int seed, string slot, string? says, string reason, string? expected = "jam")
    {
        byte[] crop = TeachingShelf.Swatch(seed);
        (string model, IReadOnlyList<CompactDescriptor> descriptors) = await shelf.Services.GetRequiredService<CropDescriber>().DescribeAsync([crop], Cancellation);
        ReviewQueue queue = shelf.Services.GetRequiredService<ReviewQueue>();
        queue.Add([(new ReviewCandidate($"shelf-07-{seed}", slot, new Region(0, 0, 1, 1), TimeProvider.System.GetUtcNow(), reason, says, says is null ? null : 0.81, expected, model, descriptors[0].ToValues()), crop)]);
        return queue.Now.Waiting[^1].Id;
    }

    static IEnumerable<long> Ids(JsonElement review) => review.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("id").GetInt64());

    static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await ShelfOnTheWeb.ReadAsync(answer)).GetProperty("code").GetString());
    }

    static async Task<JsonElement> PostAsync(ShelfOnTheWeb shelf, string path, string json, HttpStatusCode status)
    {
        using StringContent body = new(json, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await shelf.Http.PostAsync(path, body, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(status == response.StatusCode, $"{path} {json[..Math.Min(80, json.Length)]} was answered with {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
