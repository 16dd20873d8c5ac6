using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

public sealed class TeachingRoutesTests
{
    static readonly SKColor Red = new(255, 30, 30), Green = new(30, 255, 30);

    [Fact]
    public async Task AProductIsTaughtShownRenamedAndTakenBack()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await LookAsync(shelf, [Red, Green], ["apple", null]);

        JsonElement taught = await PostAsync(shelf, "/api/examples", """{"slots":["1-01","1-02","9-99"],"label":"../../<b>Äpple</b>","name":"Apple","gtin":"4006381333931"}""", HttpStatusCode.OK);
        Assert.Equal(["1-01", "1-02"], taught.GetProperty("added").EnumerateArray().Select(added => added.GetProperty("slot").GetString()!));
        Assert.Equal("no-slot", taught.GetProperty("not_added")[0].GetProperty("code").GetString());
        long id = taught.GetProperty("added")[0].GetProperty("id").GetInt64();

        JsonElement all = await shelf.GetAsync("/api/examples");
        Assert.Equal(2, all.GetProperty("examples").GetArrayLength());
        Assert.Equal(("../../<b>Äpple</b>", "Apple", 2), (all.GetProperty("products")[0].GetProperty("label").GetString(), all.GetProperty("products")[0].GetProperty("name").GetString(), all.GetProperty("products")[0].GetProperty("examples").GetInt32()));
        using HttpResponseMessage crop = await shelf.Http.GetAsync($"/api/examples/{id}/crop.jpg", TestContext.Current.CancellationToken);
        Assert.Equal("image/jpeg", crop.Content.Headers.ContentType!.MediaType);
        Assert.True(crop.Headers.CacheControl!.Private);

        string path = $"/api/products/{Uri.EscapeDataString("../../<b>Äpple</b>")}";
        JsonElement product = await shelf.GetAsync(path);
        Assert.Equal(product.GetRawText(), Assert.Single((await shelf.GetAsync("/api/examples/figures")).GetProperty("products").EnumerateArray()).GetRawText());
        Assert.Equal(2, product.GetProperty("examples").GetInt32());
        Assert.NotEmpty(product.GetProperty("advice").EnumerateArray());
        using (HttpRequestMessage patch = new(HttpMethod.Patch, path) { Content = JsonContent.Create(new { label = "apple", sku = "0012" }) })
        {
            using HttpResponseMessage renamed = await shelf.Http.SendAsync(patch, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        }
        product = await shelf.GetAsync("/api/products/apple");
        Assert.Equal(("Apple", "0012", "4006381333931"), (product.GetProperty("name").GetString(), product.GetProperty("sku").GetString(), product.GetProperty("gtin").GetString()));

        JsonElement undone = await PostAsync(shelf, "/api/examples/undo", "", HttpStatusCode.OK);
        Assert.Equal("rename", undone.GetProperty("kind").GetString());
        await PostAsync(shelf, "/api/examples/undo", $$"""{"step":{{undone.GetProperty("step").GetInt64()}}}""", HttpStatusCode.Conflict);
        await PostAsync(shelf, "/api/examples/undo", $$"""{"step":{{taught.GetProperty("step").GetProperty("step").GetInt64()}}}""", HttpStatusCode.OK);
        Assert.Empty((await shelf.GetAsync("/api/examples")).GetProperty("products").EnumerateArray());
        await PostAsync(shelf, "/api/examples/undo", "", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ProductsAreMergedSplitAndRemoved()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await LookAsync(shelf, [Red, Green], [null, null]);
        await PostAsync(shelf, "/api/examples", """{"slots":["1-01"],"label":"a/b"}""", HttpStatusCode.OK);
        JsonElement second = await PostAsync(shelf, "/api/examples", """{"slots":["1-02"],"label":"a%2Fb"}""", HttpStatusCode.OK);
        long id = second.GetProperty("added")[0].GetProperty("id").GetInt64();

        // A label with a slash and one with its code are two.
        await PostAsync(shelf, "/api/products/a%252Fb/merge", """{"into":"a/b","confirm":true}""", HttpStatusCode.OK);
        Assert.Equal(2, (await shelf.GetAsync("/api/products/a%2Fb")).GetProperty("examples").GetInt32());
        await PostAsync(shelf, "/api/products/a%2Fb/split", $$"""{"examples":[{{id}}],"label":"c","confirm":true}""", HttpStatusCode.OK);
        using HttpResponseMessage removed = await shelf.Http.DeleteAsync("/api/products/c", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        JsonElement left = (await shelf.GetAsync("/api/examples")).GetProperty("products");
        Assert.Equal("a/b", Assert.Single(left.EnumerateArray()).GetProperty("label").GetString());
        using HttpResponseMessage example = await shelf.Http.DeleteAsync("/api/examples/1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, example.StatusCode);
        using HttpResponseMessage again = await shelf.Http.DeleteAsync("/api/examples/1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("no json", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":["1-01"]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":["1-01"],"label":"a","expected":true}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":"1-01","label":"a"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":["1-01"],"label":"a","unknown":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":["1-01"],"label":"half \ud83e"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"slots":[],"label":"a"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"slots":["1-01"],"label":"a","gtin":"123"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"slots":["1-01"],"label":".."}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"slots":["9-99"],"label":"a"}""", HttpStatusCode.NotFound)]
    public async Task WhatIsNotUnderstoodIsRefusedAndChangesNothing(string body, HttpStatusCode status)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await LookAsync(shelf, [Red], ["apple"]);

        JsonElement problem = await PostAsync(shelf, "/api/examples", body, status);

        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
        Assert.Empty(shelf.Services.GetRequiredService<ExampleStore>().Now.Examples);
    }

    [Fact]
    public async Task WithoutAPictureOfTheSlotsTheAnswerSaysSo()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        JsonElement problem = await PostAsync(shelf, "/api/examples", """{"slots":["1-01"],"expected":true}""", HttpStatusCode.Conflict);
        Assert.Equal("no-view", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task APreviewAndAConflictSayWhatWouldChange()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await LookAsync(shelf, [Red, Green], ["apple", "pear"]);
        JsonElement preview = await PostAsync(shelf, "/api/examples/preview", """{"slots":["1-01"],"expected":true}""", HttpStatusCode.OK);
        Assert.Equal(("1-01", "unchecked", "match"), (
            preview.GetProperty("effect").GetProperty("changes")[0].GetProperty("slot").GetString(),
            preview.GetProperty("effect").GetProperty("changes")[0].GetProperty("from").GetString(),
            preview.GetProperty("effect").GetProperty("changes")[0].GetProperty("to").GetString()));
        await PostAsync(shelf, "/api/examples", """{"slots":["1-01","1-02"],"expected":true}""", HttpStatusCode.OK);

        JsonElement conflict = await PostAsync(shelf, "/api/examples", """{"slots":["1-01"],"label":"tomato"}""", HttpStatusCode.Conflict);
        Assert.Equal(("other-label", "apple"), (conflict.GetProperty("not_added")[0].GetProperty("code").GetString(), conflict.GetProperty("not_added")[0].GetProperty("label").GetString()));
        JsonElement worse = await PostAsync(shelf, "/api/products/apple/merge", """{"into":"pear"}""", HttpStatusCode.Conflict);
        Assert.Equal("makes-worse", worse.GetProperty("code").GetString());
        Assert.Equal("1-01", worse.GetProperty("effect").GetProperty("changes")[0].GetProperty("slot").GetString());
    }

    [Fact]
    public async Task ABackendCorrectsAResultByItsId()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await LookAsync(shelf, [Red, Green], [null, null], "shelf-07-41");
        RequestCommand label = shelf.Services.GetServices<RequestCommand>().Single(command => command.Name == "label");

        object? answer = await label.AnswerAsync("""{"result":"shelf-07-41","slot":"1-02","label":"pear"}""", TestContext.Current.CancellationToken);

        Assert.NotNull(answer);
        TaughtExample example = Assert.Single(shelf.Services.GetRequiredService<ExampleStore>().Now.Examples);
        Assert.Equal(("pear", "1-02", "request"), (example.Label, example.Slot, example.Source));
        foreach (string? wrong in (string?[])[null, "pear", "{}", """{"result":"shelf-07-40","slot":"1-02","label":"pear"}"""])
            await Assert.ThrowsAnyAsync<EdgeShelfException>(() => label.AnswerAsync(wrong, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheListHasTenThousandProductsInAMoment()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        ExampleStore store = shelf.Services.GetRequiredService<ExampleStore>();
        store.Change(StepKinds.Import, _ => new ExamplePlan("Named.", [.. Enumerable.Range(0, 10_000).Select(i => new ExampleEdit.PutProduct(new Product($"product-{i:00000}", $"<i>Product</i> {i}", null, null)))]));

        JsonElement list = await shelf.GetAsync("/api/examples");

        Assert.Equal(10_000, list.GetProperty("products").GetArrayLength());
        Assert.Equal("product-09999", (await shelf.GetAsync("/api/products/product-09999")).GetProperty("label").GetString());
    }

    /// <summary>Puts a look in front of the teacher, as recognition does.</summary>
    static async Task LookAsync(ShelfOnTheWeb shelf, SKColor[] colours, string?[] expected, string result = "shelf-07-1")
    {
        byte[] picture = TeachingShelf.Picture(colours);
        Frame frame = new(picture, "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        CropDescriber describer = shelf.Services.GetRequiredService<CropDescriber>();
        using Picture decoded = PictureDecoder.Decode(frame);
        List<SlotLook> slots = [];
        for (int at = 0; at < colours.Length; at++)
        {
            Region region = new((double)at / colours.Length, 0, 1.0 / colours.Length, 1);
            (_, IReadOnlyList<CompactDescriptor> descriptors) = await describer.DescribeAsync([RegionJpeg.Of(decoded, region)], TestContext.Current.CancellationToken);
            ExpectedProduct? product = expected[at] is { } label ? new ExpectedProduct(label, null, null) : null;
            slots.Add(new SlotLook(new Slot($"1-{at + 1:00}", 1, region), region, product, descriptors[0].ToValues(), null, [], false));
        }
        BayLook look = new(frame, DateTimeOffset.UnixEpoch, BayView.Clear, PictureFlaw.None, 0, 0, null, slots, slots.Count) { Model = describer.Model };
        shelf.Services.GetRequiredService<LatestLook>().Now = look;
        shelf.Services.GetRequiredService<RecentLooks>().Keep(result, look);
    }

    static async Task<JsonElement> PostAsync(ShelfOnTheWeb shelf, string path, string json, HttpStatusCode status)
    {
        using StringContent body = new(json, System.Text.Encoding.UTF8, "application/json");
        HttpResponseMessage response = await shelf.Http.PostAsync(path, body, TestContext.Current.CancellationToken);
        HttpStatusCode found = response.StatusCode;
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == found, $"{path} {json} was answered with {found}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
