using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

public sealed class PredictTests
{
    static readonly SKColor Red = new(250, 5, 5);
    static readonly SKColor Green = new(5, 250, 5);
    static readonly SKColor Blue = new(5, 5, 250);

    [Fact]
    public async Task APictureInAFormIsAnsweredWithItsTopThree()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.PredictAsync(PicturesOf.Plain(Green));
        JsonElement result = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, result.GetProperty("schema").GetInt32());
        JsonElement top = result.GetProperty("slots")[0].GetProperty("top");
        Assert.Equal(3, top.GetArrayLength());
        Assert.Equal("Green-Pear", top[0].GetProperty("label").GetString());
        Assert.True(top[0].GetProperty("confidence").GetDouble() > 0.9);
        Schemas.AssertValid("upload", result.GetRawText());
        Assert.Equal("picture-0.jpg", result.GetProperty("image").GetProperty("name").GetString());
        Assert.False(result.GetProperty("cached").GetBoolean());
    }

    [Theory]
    [InlineData("image/jpeg", SKEncodedImageFormat.Jpeg)]
    [InlineData("image/png", SKEncodedImageFormat.Png)]
    public async Task APictureAsTheBodyIsAnsweredAsWell(string type, SKEncodedImageFormat format)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await SendAsync(shelf, type, PicturesOf.Plain(Blue, format: format));
        JsonElement result = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Blue-Plum", BestOf(result));
    }

    [Fact]
    public async Task SeveralPicturesAreAnsweredInTheirOrder()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        // The second is known by then: a batch of new and known pictures keeps the order too.
        await shelf.PredictAsync(PicturesOf.Plain(Green));

        JsonElement results = await ShelfOnTheWeb.ReadAsync(await shelf.PredictAsync(PicturesOf.Plain(Blue), PicturesOf.Plain(Green), PicturesOf.Plain(Red)));

        Assert.Equal(["Blue-Plum", "Green-Pear", "Red-Apple"], results.EnumerateArray().Select(BestOf));
        Assert.Equal([false, true, false], results.EnumerateArray().Select(result => result.GetProperty("cached").GetBoolean()));
    }

    [Fact]
    public async Task OneBadFileDoesNotThrowTheAnswersOfTheOthersAway()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.PredictAsync(PicturesOf.Plain(Blue), [.. "no picture"u8], PicturesOf.Plain(Red));
        JsonElement answer = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-a-picture"), (response.StatusCode, answer.GetProperty("code").GetString()));
        JsonElement results = answer.GetProperty("results");
        Assert.Equal(["Blue-Plum", null, "Red-Apple"], results.EnumerateArray().Select(result => result.ValueKind == JsonValueKind.Null ? null : BestOf(result)));
        Schemas.AssertValid("upload", results[2].GetRawText());
        JsonElement problem = Assert.Single(answer.GetProperty("problems").EnumerateArray());
        Assert.Equal((1, "picture-1.jpg"), (problem.GetProperty("picture").GetInt32(), problem.GetProperty("name").GetString()));
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
    }

    [Fact]
    public async Task ServerTimingNamesTheStages()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.PredictAsync(PicturesOf.Scene());

        string timing = Assert.Single(response.Headers.GetValues("Server-Timing"));
        foreach (string stage in new[] { "wait", "decode", "preprocess", "inference", "total" })
            Assert.Matches($@"\b{stage};dur=\d+\.\d\b", timing);
    }

    [Theory]
    [InlineData("64", true)]
    [InlineData("0", false)]
    public async Task TheSamePictureAgainIsKnownUnlessTheCacheIsOff(string entries, bool cached)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Vision:CacheEntries", entries));
        JsonElement first = await ShelfOnTheWeb.ReadAsync(await shelf.PredictAsync(PicturesOf.Scene()));

        using HttpResponseMessage response = await shelf.PredictAsync(PicturesOf.Scene());
        JsonElement second = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal(cached, second.GetProperty("cached").GetBoolean());
        Assert.Equal(cached, response.Headers.GetValues("Server-Timing").Single().Contains("cache;desc=hit", StringComparison.Ordinal));
        Assert.Equal(first.GetProperty("slots").ToString(), second.GetProperty("slots").ToString());
        Assert.NotEqual(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
    }

    public static TheoryData<string, string, byte[], int, string> Refused => new()
    {
        { "text", "text/plain", "hello"u8.ToArray(), 415, "wrong-type" },
        { "no type", "", "hello"u8.ToArray(), 415, "wrong-type" },
        { "svg", "image/svg+xml", "<svg/>"u8.ToArray(), 415, "wrong-type" },
        { "empty", "image/jpeg", [], 422, "empty" },
        { "a page", "image/jpeg", "<!doctype html>"u8.ToArray(), 422, "not-a-picture" },
        { "cut short", "image/jpeg", PicturesOf.Scene()[..2000], 422, "truncated" },
        { "picture bomb", "image/png", PicturesOf.PngBomb(30000, 30000), 413, "too-large" },
        { "too many bytes", "image/jpeg", new byte[UploadReader.MaxBytes + 1], 413, "too-large" },
        { "far too many bytes", "image/jpeg", new byte[UploadReader.MaxBodyBytes + 1], 413, "too-large" },
        { "no boundary", "multipart/form-data", "hello"u8.ToArray(), 400, "bad-form" },
        { "a long boundary", $"multipart/form-data; boundary={new string('b', 300)}", "hello"u8.ToArray(), 400, "bad-form" },
        { "no end", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc"u8.ToArray(), 400, "bad-form" },
        { "no image", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nabc\r\n--b--\r\n"u8.ToArray(), 400, "no-image" },
        { "endless headers", "multipart/form-data; boundary=b", Encoding.ASCII.GetBytes($"--b\r\nContent-Disposition: {new string('x', 100_000)}\r\n\r\n"), 400, "bad-form" },
        { "nine", "multipart/form-data; boundary=b", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc\r\n", 9)) + "--b--\r\n"), 413, "too-many" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task WhatIsNoPictureIsRefusedWithAReason(string what, string type, byte[] body, int status, string code)
    {
        Assert.NotEmpty(what);
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await SendAsync(shelf, type, body);
        JsonElement problem = await ShelfOnTheWeb.ReadAsync(response);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
    }

    [Fact]
    public async Task TheBadOneOfSeveralIsNamed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement problem = await ShelfOnTheWeb.ReadAsync(await shelf.PredictAsync(PicturesOf.Plain(Red), "no picture"u8.ToArray()));

        Assert.StartsWith("picture-1.jpg: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"..\..\boot.ini", "boot.ini")]
    [InlineData("/", null)]
    public async Task AFileNameIsOnlyAName(string sent, string? kept)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using MultipartFormDataContent form = [];
        ByteArrayContent file = new(PicturesOf.Plain(Red));
        file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"image\"; filename=\"{sent.Replace(@"\", @"\\", StringComparison.Ordinal)}\"");
        form.Add(file);

        JsonElement result = await ShelfOnTheWeb.ReadAsync(await shelf.Http.PostAsync("/predict", form, TestContext.Current.CancellationToken));

        Assert.Equal(kept, result.GetProperty("image").GetProperty("name").GetString());
    }

    [Fact]
    public async Task WhenAllPlacesAreTakenTheNextIsToldToComeAgain()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        List<TcpClient> unfinished = [];
        for (int i = 0; i < PredictRoutes.MaxUploads; i++)
            unfinished.Add(await BeginUploadAsync(shelf));

        HttpResponseMessage response = await shelf.PredictAsync(PicturesOf.Plain(Red));
        while (response.StatusCode != HttpStatusCode.TooManyRequests)
        {
            // It came before the last of them and took its place: one more fills the gap.
            unfinished.Add(await BeginUploadAsync(shelf));
            response = await shelf.PredictAsync(PicturesOf.Plain(Red));
        }
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal("busy", (await ShelfOnTheWeb.ReadAsync(response)).GetProperty("code").GetString());

        unfinished.ForEach(upload => upload.Dispose());
        await Wait.UntilAsync(() => shelf.PredictAsync(PicturesOf.Plain(Red)).GetAwaiter().GetResult().StatusCode == HttpStatusCode.OK);
    }

    /// <summary>The beginning of an upload that does not go on.</summary>
    static async Task<TcpClient> BeginUploadAsync(ShelfOnTheWeb shelf)
    {
        TcpClient client = new();
        await client.ConnectAsync(shelf.Address.Host, shelf.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /predict HTTP/1.1\r\nHost: {shelf.Address.Authority}\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000\r\n\r\nabc"), TestContext.Current.CancellationToken);
        return client;
    }

    static async Task<HttpResponseMessage> SendAsync(ShelfOnTheWeb shelf, string type, byte[] body)
    {
        ByteArrayContent content = new(body);
        if (type.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpRequestMessage request = new(HttpMethod.Post, "/predict") { Content = content };
        // As curl does with a large body: the refusal comes before the body is sent.
        request.Headers.ExpectContinue = true;
        return await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static string? BestOf(JsonElement result) => result.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString();
}
