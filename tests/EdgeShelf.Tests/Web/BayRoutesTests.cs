using System.Net;
using System.Text;
using System.Text.Json;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Web;

/// <summary>`/api/shelf`, the pictures of its slots, and the event `shelf`.</summary>
public sealed class BayRoutesTests
{
    const string Slots = """{"schema":1,"slots":[{"slot":"1-01","shelf":1,"x":0,"y":0,"width":0.25,"height":0.5},{"slot":"1-02","shelf":1,"x":0.5,"y":0,"width":0.5,"height":0.5}]}""";
    const string Planogram = """{"schema":1,"name":"bay-4","version":"12","products":[{"label":"green-tea","name":"Grüner Tee","sku":"0012"},{"label":"jam","name":null}],"positions":[{"slot":"1-01","shelf":1,"position":1,"label":"green-tea"},{"slot":"1-02","shelf":1,"position":2,"label":"jam"}]}""";

    [Fact]
    public async Task WithoutSlotsTheListIsEmpty()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement bay = await shelf.GetAsync("/api/shelf");

        Assert.Equal(("shelf-07", "none", 0, 0), (Text(bay, "device"), Text(bay, "view"), bay.GetProperty("slots").GetArrayLength(), bay.GetProperty("day").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, bay.GetProperty("availability").ValueKind);
        await AssertProblemAsync(shelf, "/api/shelf/slots/1-01", "no-slot");
        await AssertProblemAsync(shelf, "/api/shelf/slots/1-01/crop.jpg", "no-slot");
    }

    [Fact]
    public async Task BeforeTheFirstLookASlotIsUncheckedWhereItWasDrawn()
    {
        await using ShelfOnTheWeb shelf = await WithSlotsAsync();

        JsonElement slot = (await shelf.GetAsync("/api/shelf")).GetProperty("slots")[0];

        Assert.Equal(("1-01", 1, 1, "unchecked", 0), (Text(slot, "slot"), slot.GetProperty("shelf").GetInt32(), slot.GetProperty("position").GetInt32(), Text(slot, "verdict"), slot.GetProperty("examples").GetInt32()));
        Assert.Equal((0.25, "Grüner Tee"), (slot.GetProperty("region").GetProperty("width").GetDouble(), Text(slot.GetProperty("expected"), "name")));
        Assert.Equal(JsonValueKind.Null, (await shelf.GetAsync("/api/shelf/slots/1-01")).GetProperty("explain").ValueKind);
        await AssertProblemAsync(shelf, "/api/shelf/slots/1-01/crop.jpg", "no-look");
    }

    [Fact]
    public async Task ASlotSaysWhatWasSeenAndWhy()
    {
        await using ShelfOnTheWeb shelf = await WithSlotsAsync();
        await CaptureAsync(shelf);
        JsonElement untaught = (await shelf.GetAsync("/api/shelf/slots/1-02")).GetProperty("explain");
        Assert.Equal("jam was not taught, so the place cannot be checked. Teach it when it is in its place.", Text(untaught, "reason"));
        Assert.Equal((JsonValueKind.Null, 0), (untaught.GetProperty("expected_likeness").ValueKind, untaught.GetProperty("top").GetArrayLength()));

        Teach(shelf, ("1-01", "green-tea"), ("1-02", "cocoa"));
        for (int look = 0; look < 4; look++)
            await CaptureAsync(shelf);

        JsonElement bay = await shelf.GetAsync("/api/shelf");
        Assert.Equal(["match", "unchecked"], bay.GetProperty("slots").EnumerateArray().Select(slot => Text(slot, "verdict")));
        Assert.Equal((1, 1.0, 1), (bay.GetProperty("judged").GetInt32(), bay.GetProperty("day")[0].GetProperty("availability").GetDouble(), bay.GetProperty("slots")[0].GetProperty("examples").GetInt32()));
        JsonElement slot = await shelf.GetAsync("/api/shelf/slots/1-01");
        JsonElement explain = slot.GetProperty("explain");
        Assert.Equal("green-tea", Text(explain.GetProperty("top")[0], "label"));
        Assert.Equal(1, explain.GetProperty("expected_likeness").GetDouble(), 0.01);
        Assert.Equal("Grüner Tee is expected, and the slot passes as it with a likeness of 1.00; 0.35 is needed.", Text(explain, "reason"));
    }

    [Fact]
    public async Task ACropIsTheSlotInItsOwnShape()
    {
        await using ShelfOnTheWeb shelf = await WithSlotsAsync();
        await CaptureAsync(shelf);

        using HttpResponseMessage answer = await shelf.Http.GetAsync("/api/shelf/slots/1-01/crop.jpg", TestContext.Current.CancellationToken);

        Assert.Equal(("image/jpeg", "no-store"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
        using Picture crop = PictureDecoder.Decode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((160, 240), (crop.Width, crop.Height));
    }

    [Fact]
    public async Task ASlotThatWasMovedIsShownWhereItIsNow()
    {
        await using ShelfOnTheWeb shelf = await WithSlotsAsync();
        await CaptureAsync(shelf);
        await shelf.Http.GetByteArrayAsync("/api/shelf/slots/1-01/crop.jpg", TestContext.Current.CancellationToken);

        await PutAsync(shelf, "/api/slots", Slots.Replace("0.25", "0.5", StringComparison.Ordinal));

        using Picture crop = PictureDecoder.Decode(await shelf.Http.GetByteArrayAsync("/api/shelf/slots/1-01/crop.jpg", TestContext.Current.CancellationToken));
        Assert.Equal((320, 240), (crop.Width, crop.Height));
        Assert.Equal(0.5, (await shelf.GetAsync("/api/shelf/slots/1-01")).GetProperty("region").GetProperty("width").GetDouble());
    }

    [Fact]
    public async Task EachLookIsToldAsAnEvent()
    {
        await using ShelfOnTheWeb shelf = await WithSlotsAsync();
        using StreamReader events = new(await shelf.Http.GetStreamAsync("/api/events", TestContext.Current.CancellationToken));
        await NextAsync(events, "state");

        await CaptureAsync(shelf);

        // The first look also makes the reference picture, which is a change of its own.
        JsonElement told = await NextAsync(events, "shelf");
        while (Text(told, "view") != "clear")
            told = await NextAsync(events, "shelf");
        Assert.Equal(2, told.GetProperty("slots").GetArrayLength());
        Assert.False(told.TryGetProperty("day", out _));
        Teach(shelf, ("1-01", "green-tea"));
        do
            told = await NextAsync(events, "shelf");
        while (told.GetProperty("slots")[0].GetProperty("examples").GetInt32() == 0);
    }

    static void Teach(ShelfOnTheWeb shelf, params (string Slot, string Label)[] lessons)
    {
        BayLook look = shelf.Services.GetRequiredService<LatestLook>().Now!;
        shelf.Services.GetRequiredService<TaughtProducts>().Replace(
            [.. lessons.Select((lesson, index) => Shelves.ExampleOf(index + 1, lesson.Label, lesson.Slot, look.Slots.Single(slot => slot.Slot.Name == lesson.Slot).Descriptor!))], look.Model);
    }

    static async Task<ShelfOnTheWeb> WithSlotsAsync()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", Slots);
        await PutAsync(shelf, "/api/planogram", Planogram);
        return shelf;
    }

    static async Task CaptureAsync(ShelfOnTheWeb shelf)
    {
        shelf.Show("1.jpg", PicturesOf.Scene());
        await shelf.CaptureAsync();
    }

    static async Task PutAsync(ShelfOnTheWeb shelf, string path, string json)
    {
        using HttpResponseMessage answer = await shelf.Http.PutAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    static async Task AssertProblemAsync(ShelfOnTheWeb shelf, string path, string code)
    {
        using HttpResponseMessage answer = await shelf.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(code, Text(await ShelfOnTheWeb.ReadAsync(answer), "code"));
    }

    static async Task<JsonElement> NextAsync(StreamReader events, string type)
    {
        bool isWanted = false;
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                isWanted = line == $"event: {type}";
            else if (isWanted && line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]);
        }
        throw new EndOfStreamException("The events ended.");
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
