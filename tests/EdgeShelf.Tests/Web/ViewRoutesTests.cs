using System.Net;
using System.Text;
using System.Text.Json;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>`POST /api/slots/view`: the camera was moved, and its new view is taken.</summary>
public sealed class ViewRoutesTests
{
    /// <summary>The first slot is lost when the picture moves to the left by a quarter; the second one moves along.</summary>
    const string Slots = """{"schema":1,"slots":[{"slot":"left","x":0.02,"y":0.3,"width":0.15,"height":0.3},{"slot":"right","x":0.6,"y":0.3,"width":0.15,"height":0.3}]}""";

    static readonly byte[] Scene = PicturesOf.Scene(1280, 960);

    [Fact]
    public async Task TheSlotsMoveWithTheNewViewAndItBecomesTheReference()
    {
        await using ShelfOnTheWeb shelf = await MovedAsync();

        JsonElement trial = await ViewAsync(shelf, """{"accept":false}""");
        Assert.Equal(1, (await shelf.GetAsync("/api/slots")).GetProperty("version").GetInt32());
        JsonElement taken = await ViewAsync(shelf, """{"accept":true}""");

        Assert.Equal((1, "left", 1, 2), (taken.GetProperty("moved").GetInt32(), Assert.Single(taken.GetProperty("lost").EnumerateArray()).GetString(), taken.GetProperty("before").GetInt32(), taken.GetProperty("slots").GetProperty("version").GetInt32()));
        JsonElement slot = Assert.Single(taken.GetProperty("slots").GetProperty("slots").EnumerateArray());
        Assert.Equal(0.35, slot.GetProperty("x").GetDouble(), 0.005);
        Assert.Equal(0.15, slot.GetProperty("width").GetDouble(), 0.005);
        Assert.Equal(trial.GetProperty("slots").GetProperty("slots").GetRawText(), taken.GetProperty("slots").GetProperty("slots").GetRawText());
        Assert.Equal(Moved(), await shelf.Http.GetByteArrayAsync("/api/slots/reference.jpg", TestContext.Current.CancellationToken));
        await shelf.CaptureAsync();
        await shelf.CaptureAsync();
        Assert.Equal("clear", (await shelf.GetAsync("/api/shelf")).GetProperty("view").GetString());
    }

    [Fact]
    public async Task ANewViewThatWasTakenIsTakenBackByARollback()
    {
        await using ShelfOnTheWeb shelf = await MovedAsync();
        JsonElement before = await shelf.GetAsync("/api/slots");
        int version = (await ViewAsync(shelf, """{"accept":true}""")).GetProperty("before").GetInt32();

        using HttpResponseMessage back = await shelf.Http.PostAsync("/api/slots/rollback", new StringContent($$"""{"version":{{version}}}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        JsonElement after = await ShelfOnTheWeb.ReadAsync(back);
        Assert.Equal(before.GetProperty("slots").GetRawText(), after.GetProperty("slots").GetRawText());
        Assert.Equal(before.GetProperty("reference").GetRawText(), after.GetProperty("reference").GetRawText());
    }

    /// <summary>A planogram that names a slot which is gone would be refused the next time somebody saves it.</summary>
    [Fact]
    public async Task WhatTheNewViewDoesNotShowIsNotExpectedAnyMoreUntilItIsTakenBack()
    {
        await using ShelfOnTheWeb shelf = await MovedAsync();
        JsonElement before = await PutPlanogramAsync(shelf);
        Assert.Equal(JsonValueKind.Null, (await ViewAsync(shelf, """{"accept":false}""")).GetProperty("planogram_before").ValueKind);
        Assert.Equal(2, (await shelf.GetAsync("/api/planogram")).GetProperty("positions").GetArrayLength());

        JsonElement taken = await ViewAsync(shelf, """{"accept":true}""");

        JsonElement left = await shelf.GetAsync("/api/planogram");
        Assert.Equal("right", Assert.Single(left.GetProperty("positions").EnumerateArray()).GetProperty("slot").GetString());
        Assert.Equal("12-view-2", left.GetProperty("version").GetString());
        Assert.Equal(before.GetProperty("revision").GetInt32(), taken.GetProperty("planogram_before").GetInt32());
        await PostAsync(shelf, "/api/slots/rollback", $$"""{"version":{{taken.GetProperty("before").GetInt32()}}}""");
        await PostAsync(shelf, "/api/planogram/rollback", $$"""{"revision":{{taken.GetProperty("planogram_before").GetInt32()}}}""");
        Assert.Equal(before.GetProperty("positions").GetRawText(), (await shelf.GetAsync("/api/planogram")).GetProperty("positions").GetRawText());
    }

    [Fact]
    public async Task TheSlotsStayWhereTheyAreIfThatIsWanted()
    {
        await using ShelfOnTheWeb shelf = await MovedAsync();
        JsonElement before = (await shelf.GetAsync("/api/slots")).GetProperty("slots");

        JsonElement taken = await ViewAsync(shelf, """{"accept":true,"keep":true}""");

        Assert.Equal((0, 0), (taken.GetProperty("moved").GetInt32(), taken.GetProperty("lost").GetArrayLength()));
        Assert.True(JsonElement.DeepEquals(before, taken.GetProperty("slots").GetProperty("slots")));
        Assert.Equal(Moved(), await shelf.Http.GetByteArrayAsync("/api/slots/reference.jpg", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhatCannotBeTakenIsSaidAndNothingChanges()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await AssertProblemAsync(shelf, """{"accept":true}""", HttpStatusCode.Conflict, "no-view");
        await PutAsync(shelf);
        await AssertProblemAsync(shelf, """{"accept":true}""", HttpStatusCode.Conflict, "no-view");
        await ShowAsync(shelf, "1.jpg", Scene);
        await AssertProblemAsync(shelf, """{"accept":true,"if_version":7}""", HttpStatusCode.Conflict, "conflict");
        await AssertProblemAsync(shelf, """{"accept":"yes"}""", HttpStatusCode.UnprocessableEntity, "bad-slots");
        await AssertProblemAsync(shelf, "{}", HttpStatusCode.UnprocessableEntity, "bad-slots");

        await ShowAsync(shelf, "2.jpg", PicturesOf.Scene(1280, 960, seed: 2));
        await AssertProblemAsync(shelf, """{"accept":true}""", HttpStatusCode.Conflict, "no-view");
        await ShowAsync(shelf, "3.jpg", PicturesOf.Plain(SKColors.Black, 1280, 960));
        await AssertProblemAsync(shelf, """{"accept":true,"keep":true}""", HttpStatusCode.Conflict, "no-view");

        JsonElement slots = await shelf.GetAsync("/api/slots");
        Assert.Equal((1, 2), (slots.GetProperty("version").GetInt32(), slots.GetProperty("slots").GetArrayLength()));
    }

    static async Task<JsonElement> PutPlanogramAsync(ShelfOnTheWeb shelf)
    {
        using StringContent planogram = new(
            """{"schema":1,"name":"bay","version":"12","products":[{"label":"tea"}],"positions":[{"slot":"left","label":"tea"},{"slot":"right","label":"tea"}]}""", Encoding.UTF8, "application/json");
        return await ShelfOnTheWeb.ReadAsync(await shelf.Http.PutAsync("/api/planogram", planogram, TestContext.Current.CancellationToken));
    }

    static async Task PostAsync(ShelfOnTheWeb shelf, string path, string json)
    {
        using StringContent body = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await shelf.Http.PostAsync(path, body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    static async Task<ShelfOnTheWeb> MovedAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf);
        await ShowAsync(shelf, "1.jpg", Scene);
        await ShowAsync(shelf, "2.jpg", Moved());
        File.Delete(Path.Combine(shelf.Pictures, "1.jpg"));
        return shelf;
    }

    static byte[] Moved() => Shelves.Redrawn(Scene, dx: -320);

    static async Task ShowAsync(ShelfOnTheWeb shelf, string name, byte[] picture)
    {
        shelf.Show(name, picture);
        await shelf.CaptureAsync();
    }

    static async Task PutAsync(ShelfOnTheWeb shelf)
    {
        using HttpResponseMessage answer = await shelf.Http.PutAsync("/api/slots", new StringContent(Slots, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    static Task<HttpResponseMessage> PostAsync(ShelfOnTheWeb shelf, string json) =>
        shelf.Http.PostAsync("/api/slots/view", new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    static async Task<JsonElement> ViewAsync(ShelfOnTheWeb shelf, string json)
    {
        HttpResponseMessage answer = await PostAsync(shelf, json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await ShelfOnTheWeb.ReadAsync(answer);
    }

    static async Task AssertProblemAsync(ShelfOnTheWeb shelf, string json, HttpStatusCode status, string code)
    {
        HttpResponseMessage answer = await PostAsync(shelf, json);
        HttpStatusCode found = answer.StatusCode;
        JsonElement problem = await ShelfOnTheWeb.ReadAsync(answer);
        Assert.True(found == status && problem.GetProperty("code").GetString() == code, $"{json}: {(int)found} {problem}");
    }
}
