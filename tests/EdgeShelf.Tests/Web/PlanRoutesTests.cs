using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Web;

/// <summary>`/api/slots`, `/api/planogram` and `/api/products`.</summary>
public sealed class PlanRoutesTests
{
    const string TwoSlots = """{"schema":1,"slots":[{"slot":"1-01","shelf":1,"x":0,"y":0,"width":0.5,"height":0.5},{"slot":"1-02","shelf":1,"x":0.5,"y":0,"width":0.5,"height":0.5}]}""";
    const string Planogram = """{"schema":1,"name":"bay-4","version":"12","products":[{"label":"tea","name":"Grüner Tee","sku":"0012"}],"positions":[{"slot":"1-01","label":"tea"}]}""";

    [Fact]
    public async Task SlotsAreSetReadRolledBackAndListed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        JsonElement none = await shelf.GetAsync("/api/slots");
        Assert.Equal((0, 0), (none.GetProperty("version").GetInt32(), none.GetProperty("slots").GetArrayLength()));

        using HttpResponseMessage put = await PutAsync(shelf, "/api/slots", TwoSlots);
        Assert.Equal((HttpStatusCode.OK, "\"1\""), (put.StatusCode, put.Headers.ETag!.Tag));
        Schemas.AssertValid("slots", await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Schemas.AssertValid("slots", (await shelf.GetAsync("/api/slots")).GetRawText());

        await PutAsync(shelf, "/api/slots", """{"schema":1,"slots":[]}""");
        JsonElement history = await shelf.GetAsync("/api/slots/history");
        Assert.Equal([(2, 0), (1, 2)], history.GetProperty("versions").EnumerateArray().Select(version => (version.GetProperty("version").GetInt32(), version.GetProperty("slots").GetInt32())));
        Assert.EndsWith("Z", history.GetProperty("versions")[0].GetProperty("at").GetString(), StringComparison.Ordinal);
        Assert.Equal("page", history.GetProperty("versions")[0].GetProperty("by").GetString());

        JsonElement back = await ShelfOnTheWeb.ReadAsync(await PostAsync(shelf, "/api/slots/rollback", """{"version":1}"""));
        Assert.Equal((3, 2), (back.GetProperty("version").GetInt32(), back.GetProperty("slots").GetArrayLength()));
        back = await ShelfOnTheWeb.ReadAsync(await shelf.Http.PostAsync("/api/slots/rollback", null, TestContext.Current.CancellationToken));
        Assert.Equal((4, 0), (back.GetProperty("version").GetInt32(), back.GetProperty("slots").GetArrayLength()));
        await AssertProblemAsync(await PostAsync(shelf, "/api/slots/rollback", """{"version":99}"""), HttpStatusCode.NotFound, "no-version");
        await AssertProblemAsync(await PostAsync(shelf, "/api/slots/rollback", """{"revision":1}"""), HttpStatusCode.UnprocessableEntity, "bad-slots");
    }

    [Fact]
    public async Task WhatIsWrongIsNamedInProblemsAndTheOldSlotsStay()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", TwoSlots);

        JsonElement problem = await AssertProblemAsync(
            await PutAsync(shelf, "/api/slots", """{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":0.0004,"height":0.5},{"slot":"b","x":0.9,"y":0,"width":0.5,"height":0.5}]}"""), HttpStatusCode.UnprocessableEntity, "bad-slots");

        Assert.Equal(2, problem.GetProperty("problems").GetArrayLength());
        Assert.StartsWith("slot a: width is 0.0004", problem.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await shelf.GetAsync("/api/slots")).GetProperty("version").GetInt32());
        JsonElement planogram = await AssertProblemAsync(await PutAsync(shelf, "/api/planogram", Planogram.Replace("1-01", "9-09", StringComparison.Ordinal)), HttpStatusCode.UnprocessableEntity, "bad-planogram");
        Assert.Contains("no slot \"9-09\"", planogram.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        await AssertProblemAsync(await shelf.Http.GetAsync("/api/planogram", TestContext.Current.CancellationToken), HttpStatusCode.NotFound, "no-planogram");
    }

    [Fact]
    public async Task WhoChangesAnOlderVersionIsToldSo()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", TwoSlots);
        await PutAsync(shelf, "/api/planogram", Planogram);

        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", """{"schema":1,"slots":[]}""", ifMatch: "\"7\""), HttpStatusCode.Conflict, "conflict");
        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", """{"schema":1,"if_version":7,"slots":[]}"""), HttpStatusCode.Conflict, "conflict");
        await AssertProblemAsync(await PutAsync(shelf, "/api/planogram", Planogram, ifMatch: "\"2\""), HttpStatusCode.Conflict, "conflict");
        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", TwoSlots, ifMatch: "W/\"1\""), HttpStatusCode.BadRequest, "bad-request");

        using HttpResponseMessage fine = await PutAsync(shelf, "/api/slots", """{"schema":1,"slots":[]}""", ifMatch: "\"1\"");
        JsonElement document = await ShelfOnTheWeb.ReadAsync(fine);
        Assert.Equal(2, document.GetProperty("version").GetInt32());
        Assert.Contains("expects a product in slot 1-01", document.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePlanogramIsSetReadRolledBackAndListed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", TwoSlots);
        List<PlanChange> told = [];
        shelf.Services.GetRequiredService<PlanStore>().Changed += told.Add;

        using HttpResponseMessage put = await PutAsync(shelf, "/api/planogram", Planogram);
        Assert.Equal((HttpStatusCode.OK, "\"1\""), (put.StatusCode, put.Headers.ETag!.Tag));
        Schemas.AssertValid("planogram", await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(Assert.Single(told) is { PlanogramBefore: null, Planogram.Version: "12", By: "page" });
        await PutAsync(shelf, "/api/planogram", Planogram.Replace("\"12\"", "\"13\"", StringComparison.Ordinal));
        await PutAsync(shelf, "/api/planogram", Planogram.Replace("\"12\"", "\"14\",\"valid_from\":\"2999-01-01T00:00:00Z\"", StringComparison.Ordinal));

        JsonElement history = await shelf.GetAsync("/api/planogram/history");
        Assert.Equal([(2, "13"), (1, "12")], history.GetProperty("versions").EnumerateArray().Select(version => (version.GetProperty("revision").GetInt32(), version.GetProperty("version").GetString()!)));
        Assert.Equal(("14", "2999-01-01T00:00:00.000Z"), (history.GetProperty("next").GetProperty("version").GetString(), history.GetProperty("next").GetProperty("valid_from").GetString()));
        Schemas.AssertValid("planogram", (await shelf.GetAsync("/api/planogram/next")).GetRawText());

        JsonElement back = await ShelfOnTheWeb.ReadAsync(await PostAsync(shelf, "/api/planogram/rollback", """{"revision":1}"""));
        Assert.Equal(("12", 3), (back.GetProperty("version").GetString(), back.GetProperty("revision").GetInt32()));
        Assert.Equal(HttpStatusCode.NoContent, (await shelf.Http.DeleteAsync("/api/planogram/next", TestContext.Current.CancellationToken)).StatusCode);
        await AssertProblemAsync(await shelf.Http.DeleteAsync("/api/planogram/next", TestContext.Current.CancellationToken), HttpStatusCode.NotFound, "no-planogram");
        Assert.Equal("12", (await shelf.GetAsync("/api/planogram")).GetProperty("version").GetString());
    }

    [Fact]
    public async Task TablesAreTakenAndGiven()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement slots = await ShelfOnTheWeb.ReadAsync(await PutAsync(shelf, "/api/slots", "\uFEFFslot;x;y;width;height;label;remark\r\n1-01;0;0;0,5;0,5;tea;\r\n1-02;0,5;0;0,5;0,5;;\r\n", "text/csv; charset=utf-8"));
        Assert.Equal(2, slots.GetProperty("slots").GetArrayLength());
        Assert.Contains("remark", slots.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("slots", (await shelf.GetAsync("/api/planogram")).GetProperty("name").GetString());

        slots = await ShelfOnTheWeb.ReadAsync(await PutAsync(shelf, "/api/slots", "slot,x,y,width,height,label\n1-01,0,0,0.5,0.5,cocoa\n", "text/csv"));
        Assert.Contains(slots.GetProperty("warnings").EnumerateArray(), warning => warning.GetString() == SlotsCsv.LabelsNotUsed);

        JsonElement planogram = await ShelfOnTheWeb.ReadAsync(await PutAsync(shelf, "/api/planogram?name=bay-4&version=12", "slot,label,sku\n1-01,cocoa,0013\n", "text/csv"));
        Assert.Equal(("bay-4", "12"), (planogram.GetProperty("name").GetString(), planogram.GetProperty("version").GetString()));

        Assert.Equal("slot,shelf,x,y,width,height,label\n1-01,,0,0,0.5,0.5,cocoa\n", await GetCsvAsync(shelf, "/api/slots"));
        Assert.Equal("slot,shelf,position,label,sku,gtin,facings,name\n1-01,,,cocoa,0013,,1,cocoa\n", await GetCsvAsync(shelf, "/api/planogram"));
        Assert.Contains("1-01;;0;0;0,5;0,5;cocoa\r\n", await GetCsvAsync(shelf, "/api/slots?spreadsheet=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodiesOfOtherTypesAndSizesAreRefused()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", TwoSlots, "text/plain"), HttpStatusCode.UnsupportedMediaType, "wrong-type");
        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", new string(' ', PlanAnswersLimit + 1)), HttpStatusCode.RequestEntityTooLarge, "too-large");
        await AssertProblemAsync(await PutAsync(shelf, "/api/slots", ""), HttpStatusCode.UnprocessableEntity, "bad-slots");
        await AssertProblemAsync(await PutAsync(shelf, "/api/planogram", "{"), HttpStatusCode.UnprocessableEntity, "bad-planogram");
        Assert.Equal(0, (await shelf.GetAsync("/api/slots")).GetProperty("version").GetInt32());
    }

    const int PlanAnswersLimit = EdgeShelf.Web.PlanAnswers.MaxBodyBytes;

    [Fact]
    public async Task APageOfAnotherSiteChangesNothing()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Put, "/api/slots") { Content = new StringContent(TwoSlots, Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "http://evil.example");

        await AssertProblemAsync(await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken), HttpStatusCode.Forbidden, "cross-site");
        Assert.Equal(0, (await shelf.GetAsync("/api/slots")).GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/api/slots")]
    [InlineData("PUT", "/api/slots")]
    [InlineData("GET", "/api/slots/reference.jpg")]
    [InlineData("PUT", "/api/planogram")]
    [InlineData("GET", "/api/products")]
    public async Task WhereATokenIsNeededItIsNeededHereToo(string method, string path)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));

        await AssertProblemAsync(await shelf.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken), HttpStatusCode.Unauthorized, "token-needed");
    }

    [Fact]
    public async Task TheReferencePictureIsServed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", TwoSlots);
        await AssertProblemAsync(await shelf.Http.GetAsync("/api/slots/reference.jpg", TestContext.Current.CancellationToken), HttpStatusCode.NotFound, "no-reference");
        byte[] picture = PicturesOf.Scene();

        shelf.Services.GetRequiredService<PlanStore>().SetReference(new NewReference(picture, 640, 480, DateTimeOffset.UnixEpoch), PlanSource.Device);

        Assert.Equal(picture, await shelf.Http.GetByteArrayAsync("/api/slots/reference.jpg", TestContext.Current.CancellationToken));
        Assert.Equal(640, (await shelf.GetAsync("/api/slots")).GetProperty("reference").GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task ProductsAreThoseOfThePlanogramAndOfTheModel()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await PutAsync(shelf, "/api/slots", TwoSlots);
        await PutAsync(shelf, "/api/planogram", Planogram);

        JsonElement all = (await shelf.GetAsync("/api/products")).GetProperty("products");
        JsonElement found = (await shelf.GetAsync("/api/products?search=gr%C3%BCner")).GetProperty("products");

        Assert.Equal(("tea", "0012", 0), (all[0].GetProperty("label").GetString(), all[0].GetProperty("sku").GetString(), all[0].GetProperty("examples").GetInt32()));
        Assert.Contains(all.EnumerateArray(), product => product.GetProperty("label").GetString() == "Red-Apple");
        Assert.Equal("tea", Assert.Single(found.EnumerateArray()).GetProperty("label").GetString());
    }

    [Fact]
    public async Task WhatAVerbChangesIsSeenOnThePageWithinTwoSeconds()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        TaskCompletionSource<PlanChange> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        shelf.Services.GetRequiredService<PlanStore>().Changed += told.SetResult;
        string file = shelf.File("slots.json");
        await File.WriteAllTextAsync(file, TwoSlots, TestContext.Current.CancellationToken);

        (int exitCode, _, string errors) = await InProcess.RunAsync("slots", "set", file, "--set", $"Shelf:State={shelf.File("state")}");

        Assert.True(exitCode == 0, errors);
        PlanChange change = await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(change is { SlotsChanged: true, Slots.Version: 1, By: "verb" });
        Assert.Equal(2, (await shelf.GetAsync("/api/slots")).GetProperty("slots").GetArrayLength());
    }

    [Fact]
    public async Task ADamagedFileIsATroubleOnThePageAndNoReasonNotToStart()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Shelf:State", "{folder}/damaged"));
        await PutAsync(shelf, "/api/slots", TwoSlots);

        await File.WriteAllTextAsync(Path.Combine(shelf.File("damaged"), "slots.json"), "{", TestContext.Current.CancellationToken);
        shelf.Services.GetRequiredService<PlanStore>().Refresh();

        JsonElement state = await shelf.GetAsync("/api/state");
        Assert.Contains("slots.json cannot be used", state.GetProperty("plan_problem").GetString(), StringComparison.Ordinal);
        Assert.Contains(state.GetProperty("troubles").EnumerateArray(), trouble => trouble.GetProperty("code").GetString() == "plan-damaged");
        Assert.Equal(2, (await shelf.GetAsync("/api/slots")).GetProperty("slots").GetArrayLength());
    }

    [Fact]
    public async Task TheRoutesAreDescribed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement paths = (await shelf.GetAsync("/openapi.json")).GetProperty("paths");

        foreach ((string path, string method) in new[]
        {
            ("/api/slots", "get"), ("/api/slots", "put"), ("/api/slots/history", "get"), ("/api/slots/rollback", "post"), ("/api/slots/reference.jpg", "get"), ("/api/planogram", "get"),
            ("/api/planogram", "put"), ("/api/planogram/history", "get"), ("/api/planogram/rollback", "post"), ("/api/planogram/next", "get"), ("/api/planogram/next", "delete"), ("/api/products", "get"),
        })
            Assert.NotEmpty(paths.GetProperty(path).GetProperty(method).GetProperty("summary").GetString()!);
        Assert.Equal(["application/json", "text/csv"], paths.GetProperty("/api/slots").GetProperty("put").GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name));
        Assert.True(paths.GetProperty("/api/slots").GetProperty("put").GetProperty("responses").TryGetProperty("422", out _));
    }

    static async Task<HttpResponseMessage> PutAsync(ShelfOnTheWeb shelf, string path, string body, string type = "application/json", string? ifMatch = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static async Task<HttpResponseMessage> PostAsync(ShelfOnTheWeb shelf, string path, string json)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        return await shelf.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    static async Task<string> GetCsvAsync(ShelfOnTheWeb shelf, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        JsonElement problem = await ShelfOnTheWeb.ReadAsync(response);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
