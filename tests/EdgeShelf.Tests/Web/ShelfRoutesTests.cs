using System.Net;
using System.Text.Json;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

public sealed class ShelfRoutesTests
{
    [Fact]
    public async Task ACaptureIsAnsweredWithTheCommittedResult()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("a.jpg", SKColors.Red);

        JsonElement result = await shelf.CaptureAsync();

        Assert.Equal("shelf-07-1", result.GetProperty("id").GetString());
        Assert.Equal("http", result.GetProperty("trigger").GetString());
        Assert.Equal("Red-Apple", result.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
        JsonElement state = await shelf.GetAsync("/api/state");
        Assert.Equal(1, state.GetProperty("last_result").GetProperty("seq").GetInt64());
        Assert.Equal("working", state.GetProperty("camera").GetProperty("state").GetString());
        Assert.InRange(state.GetProperty("last_result_age_s").GetDouble(), 0, 30);
    }

    [Fact]
    public async Task AFrameThatLooksTheSameIsNotClassifiedAgainAndAChangedOneIs()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("1.jpg", new SKColor(200, 20, 20));
        // One level off, as a sensor's noise may be: other bytes, the same sight.
        shelf.ShowPlain("2.jpg", new SKColor(201, 20, 20));
        shelf.ShowPlain("3.jpg", new SKColor(20, 200, 20));

        JsonElement[] results = [await shelf.CaptureAsync(), await shelf.CaptureAsync(), await shelf.CaptureAsync()];

        Assert.Equal([false, true, false], results.Select(result => result.GetProperty("cached").GetBoolean()));
        Assert.NotEqual(results[0].GetProperty("image").GetProperty("sha256").GetString(), results[1].GetProperty("image").GetProperty("sha256").GetString());
        Assert.Equal(0, results[1].GetProperty("timings_ms").GetProperty("inference").GetDouble());
    }

    [Fact]
    public async Task OnlyResultsAfterTheGivenOneAreListed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.Show("a.jpg", PicturesOf.Scene());
        for (int i = 0; i < 3; i++)
            await shelf.CaptureAsync();

        Assert.Equal((long[])[1, 2, 3], await SeqsAsync(shelf, "/api/results"));
        Assert.Equal((long[])[3], await SeqsAsync(shelf, "/api/results?after=2"));
        Assert.Empty(await SeqsAsync(shelf, "/api/results?after=3"));
    }

    [Fact]
    public async Task TheLastFiftyAreKept()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("a.jpg", SKColors.Red);
        for (int i = 0; i < ShelfHistory.Capacity + 2; i++)
            await shelf.CaptureAsync();

        long[] kept = await SeqsAsync(shelf, "/api/results");

        Assert.Equal(ShelfHistory.Capacity, kept.Length);
        Assert.Equal(3, kept[0]);
    }

    [Fact]
    public async Task TheNewestPictureAndSmallOnesAreServed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        byte[] picture = PicturesOf.Scene(1280, 960);
        shelf.Show("a.jpg", picture);
        using HttpResponseMessage before = await shelf.Http.GetAsync("/api/frame.jpg", TestContext.Current.CancellationToken);
        await shelf.CaptureAsync();

        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal(picture, await shelf.Http.GetByteArrayAsync("/api/frame.jpg", TestContext.Current.CancellationToken));
        using SKBitmap small = SKBitmap.Decode(await shelf.Http.GetByteArrayAsync("/api/results/1/thumbnail.jpg", TestContext.Current.CancellationToken));
        Assert.Equal((1280 / 4, 960 / 4), (small.Width, small.Height));
        using HttpResponseMessage unknown = await shelf.Http.GetAsync("/api/results/99/thumbnail.jpg", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task ACameraThatFailsIsExplained()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.Http.PostAsync("/api/capture", null, TestContext.Current.CancellationToken);
        JsonElement problem = await ShelfOnTheWeb.ReadAsync(response);
        JsonElement state = await shelf.GetAsync("/api/state");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no-picture", problem.GetProperty("code").GetString());
        JsonElement trouble = state.GetProperty("troubles").EnumerateArray().Single(trouble => trouble.GetProperty("code").GetString() == "camera-offline");
        Assert.Contains("holds no .jpg", trouble.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(trouble.GetProperty("hint").GetString()!);
    }

    [Fact]
    public async Task ReadinessNamesWhatIsNotReady()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await shelf.CaptureAsync();
        using HttpResponseMessage without = await shelf.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        JsonElement unready = await ShelfOnTheWeb.ReadAsync(without);
        shelf.ShowPlain("a.jpg", SKColors.Red);
        await shelf.CaptureAsync();
        using HttpResponseMessage with = await shelf.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, without.StatusCode);
        Assert.False(unready.GetProperty("camera").GetProperty("ok").GetBoolean());
        Assert.True(unready.GetProperty("outbox").GetProperty("ok").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal("ok\n", await shelf.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/api/state/stream")]
    [InlineData("/api/events")]
    public async Task EachChangeIsToldToThePagesThatListen(string path)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        shelf.ShowPlain("a.jpg", SKColors.Red);
        using StreamReader events = new(await shelf.Http.GetStreamAsync(path, TestContext.Current.CancellationToken));

        JsonElement first = await NextStateAsync(events);
        await shelf.CaptureAsync();
        JsonElement second = await NextStateAsync(events);
        while (second.GetProperty("last_result").ValueKind == JsonValueKind.Null)
            second = await NextStateAsync(events);

        Assert.Equal(JsonValueKind.Null, first.GetProperty("last_result").ValueKind);
        Assert.Equal(1, second.GetProperty("last_result").GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task TheApiIsDescribedInOpenApi31()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement document = await shelf.GetAsync("/openapi.json");

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        JsonElement predict = document.GetProperty("paths").GetProperty("/predict").GetProperty("post");
        Assert.Contains("multipart/form-data", predict.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name));
        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("ResultDocument").GetProperty("properties").TryGetProperty("needs_review", out _));
    }

    [Fact]
    public async Task WhatIsNotThereIsAProblemDocumentToo()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage nothing = await shelf.Http.GetAsync("/nothing", TestContext.Current.CancellationToken);
        using HttpResponseMessage wrongMethod = await shelf.Http.GetAsync("/predict", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (nothing.StatusCode, nothing.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "application/problem+json"), (wrongMethod.StatusCode, wrongMethod.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/predict", 405)]
    [InlineData("GET", "/api/review/one/crop.jpg", 404)]
    [InlineData("GET", "/api/examples/one/crop.jpg", 404)]
    [InlineData("GET", "/api/examples/99999999999999999999/crop.jpg", 404)]
    [InlineData("GET", "/api/results/one/thumbnail.jpg", 404)]
    [InlineData("GET", "/api/history/one/picture.jpg", 404)]
    [InlineData("GET", "/api/history/7/picture.jpg", 404)]
    [InlineData("GET", "/api/history/results?from=now&to=then", 400)]
    [InlineData("GET", "/api/results?after=one", 400)]
    [InlineData("DELETE", "/api/state", 405)]
    public async Task EachRefusalHasACodeAndAHint(string method, string path, int status)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement problem = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Matches("^[a-z-]+$", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData("/api/slots/view", "")]
    [InlineData("/api/slots/view", "{")]
    [InlineData("/api/examples", "")]
    [InlineData("/api/review", "[1,")]
    [InlineData("/api/model/use", "")]
    public async Task ABodyThatIsNoJsonIsExplainedInPlainWords(string path, string body)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await shelf.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Contains(body.Length == 0 ? "the document is empty" : "not valid JSON from line 1", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON tokens", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStreamIsDescribedUnderBothOfItsNamesAndSoIsTheHistory()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement paths = (await shelf.GetAsync("/openapi.json")).GetProperty("paths");

        foreach (string path in (string[])["/api/events", "/api/state/stream", "/api/history", "/api/history/results", "/api/history/{seq}/picture.jpg"])
            Assert.True(paths.TryGetProperty(path, out _), path);
    }

    [Fact]
    public async Task ASmallPictureIsMadeWhileSomebodyLooks()
    {
        ShiftedClock clock = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartWithoutWaitingAsync(clock);
        await shelf.ListeningAsync();
        shelf.Show("a.jpg", PicturesOf.Scene());
        await shelf.CaptureAsync();
        JsonElement before = await shelf.GetAsync("/api/results");
        await shelf.CaptureAsync();
        clock.PutForward(ShelfHistory.LookedWithin + TimeSpan.FromSeconds(1));
        await shelf.CaptureAsync();

        JsonElement after = await shelf.GetAsync("/api/results");
        Assert.Empty(before.GetProperty("pictures").EnumerateArray());
        Assert.Equal([2], after.GetProperty("pictures").EnumerateArray().Select(seq => seq.GetInt64()));
        Assert.Equal(3, after.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task HowOftenThePicturesReallyComeIsMeasured()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Capture:Interval", "200ms"));
        shelf.ShowPlain("a.jpg", SKColors.Red);

        await Wait.UntilAsync(() => shelf.Status.Now.Captures >= 6);

        Assert.InRange((await shelf.GetAsync("/api/state")).GetProperty("picture_every_s").GetDouble(), 0.1, 20);
    }

    static async Task<long[]> SeqsAsync(ShelfOnTheWeb shelf, string path) =>
        [.. (await shelf.GetAsync(path)).GetProperty("results").EnumerateArray().Select(result => result.GetProperty("seq").GetInt64())];

    static async Task<JsonElement> NextStateAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]);
        }
        throw new EndOfStreamException("The events ended.");
    }
}
