using System.Text;
using System.Text.Json;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Plan;

/// <summary>`request/slots` and `request/planogram` as the broker brings them.</summary>
public sealed class PlanRequestsTests : IDisposable
{
    const string TwoSlots = """{"schema":1,"slots":[{"slot":"1-01","x":0,"y":0,"width":0.5,"height":0.5},{"slot":"1-02","x":0.1,"y":0,"width":0.5,"height":0.5}]}""";

    readonly PlanInFolder _plan = new();

    public void Dispose() => _plan.Dispose();

    [Fact]
    public async Task ADocumentIsSetAsAnObjectOrAsTextAndAnsweredWithVersionAndWarnings()
    {
        JsonElement answer = Data(await AnswerAsync("slots", $$"""{"value":{{TwoSlots}},"transaction":"t"}"""));

        Assert.Equal((1, 2), (answer.GetProperty("version").GetInt32(), answer.GetProperty("slots").GetInt32()));
        Assert.Contains("overlap by 80 %", Assert.Single(answer.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(1, Data(await AnswerAsync("slots", JsonSerializer.Serialize(new { value = TwoSlots }))).GetProperty("version").GetInt32());

        answer = Data(await AnswerAsync("planogram", """{"value":{"schema":1,"name":"bay-4","version":"12","products":[],"positions":[{"slot":"1-02","label":"milk"}]}}"""));
        Assert.Equal(("12", 1, true, 1), (answer.GetProperty("version").GetString(), answer.GetProperty("revision").GetInt32(), answer.GetProperty("in_force").GetBoolean(), answer.GetProperty("positions").GetInt32()));
        Assert.All(_plan.Told, told => Assert.Equal(PlanSource.Request, told.By));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"transaction":1}""")]
    public async Task WithoutAValueTheDocumentInForceIsReturned(string payload)
    {
        Assert.Equal(JsonValueKind.Null, Data(await AnswerAsync("planogram", payload)).ValueKind);
        Assert.Equal(0, Data(await AnswerAsync("slots", payload)).GetProperty("version").GetInt32());
        _plan.Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        _plan.Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Page);

        Schemas.AssertValid("slots", Data(await AnswerAsync("slots", payload)).GetRawText());
        Schemas.AssertValid("planogram", Data(await AnswerAsync("planogram", payload)).GetRawText());
    }

    [Fact]
    public async Task AWrongDocumentIsAnsweredWithEveryProblemAndTheOldOneStays()
    {
        await AnswerAsync("slots", $$"""{"value":{{TwoSlots}}}""");

        ResponseDocument refused = await AnswerAsync("slots", """{"value":{"schema":1,"slots":[{"slot":"?","x":0,"y":0,"width":2,"height":0.5}]}}""");
        ResponseDocument noSlot = await AnswerAsync("planogram", """{"value":{"schema":1,"name":"n","version":"1","products":[],"positions":[{"slot":"9","label":"milk"},{"slot":"1-01","label":"tea"}]}}""");
        ResponseDocument noJson = await AnswerAsync("slots", "off");

        Assert.Equal(("bad-slots", "bad-planogram", "bad-slots"), (refused.Error!.Code, noSlot.Error!.Code, noJson.Error!.Code));
        Assert.Contains("because of 2 problems: slots[0]: the name \"?\" is not allowed", refused.Error.Message, StringComparison.Ordinal);
        Assert.Contains("no slot \"9\"", noSlot.Error.Message, StringComparison.Ordinal);
        Assert.Contains("nobody knows the label \"tea\"", noSlot.Error.Message, StringComparison.Ordinal);
        Assert.Equal((1, null), (_plan.Store.Slots.Version, _plan.Store.Planogram));
        Assert.All([refused, noSlot, noJson], response => Schemas.AssertValid("response", JsonSerializer.Serialize(response, ResultDocument.Json)));
    }

    [Fact]
    public async Task AChangeOnAnOlderVersionIsAConflict()
    {
        await AnswerAsync("slots", $$"""{"value":{{TwoSlots}}}""");

        Assert.Equal("conflict", (await AnswerAsync("slots", """{"value":{"schema":1,"if_version":0,"slots":[]}}""")).Error!.Code);
        Assert.Equal("ok", (await AnswerAsync("slots", """{"value":{"schema":1,"if_version":1,"slots":[]}}""")).Status);
        Assert.True(_plan.Store.Slots.IsEmpty);
    }

    [Fact]
    public async Task APlanogramOfTheFutureIsAnsweredAsNotInForce()
    {
        await AnswerAsync("slots", $$"""{"value":{{TwoSlots}}}""");

        JsonElement answer = Data(await AnswerAsync("planogram", """{"value":{"schema":1,"name":"n","version":"13","valid_from":"2026-09-01T00:00:00Z","products":[],"positions":[]}}"""));

        Assert.False(answer.GetProperty("in_force").GetBoolean());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("revision").ValueKind);
        Assert.Equal(("13", null), (_plan.Store.NextPlanogram!.Version, _plan.Store.Planogram));
    }

    /// <summary>The largest documents fit; other commands keep their small limit.</summary>
    [Fact]
    public async Task ALargeDocumentFitsAndALargerOneIsRefusedWithTheLimit()
    {
        string slots = string.Join(",", Enumerable.Range(0, SlotMap.MaxSlots).Select(i => $$"""{"slot":"a-slot-with-a-long-name-{{i}}","shelf":1000,"x":0.{{i:0000000000}}1,"y":0.123456789012345,"width":0.023456789012345,"height":0.023456789012345}"""));
        string products = string.Join(",", Enumerable.Range(0, SlotMap.MaxSlots).Select(i => $$"""{"label":"{{new string('a', 40)}}{{i}}","name":"{{new string('b', 80)}}","sku":"{{i}}","gtin":"4006381333931"}"""));
        string positions = string.Join(",", Enumerable.Range(0, SlotMap.MaxSlots).Select(i => $$"""{"slot":"a-slot-with-a-long-name-{{i}}","shelf":1,"position":{{i + 1}},"label":"{{new string('a', 40)}}{{i}}","facings":1}"""));

        Assert.Equal("ok", (await AnswerAsync("slots", $$"""{"value":{"schema":1,"slots":[{{slots}}]} }""")).Status);
        Assert.Equal("ok", (await AnswerAsync("planogram", $$"""{"value":{"schema":1,"name":"n","version":"1","products":[{{products}}],"positions":[{{positions}}]} }""")).Status);
        ResponseDocument tooLarge = await AnswerAsync("slots", new string(' ', PlanRequests.MaxBytes + 1));
        Assert.Equal("bad-request", tooLarge.Error!.Code);
        Assert.Contains("allowed are 262144", tooLarge.Error.Message, StringComparison.Ordinal);
    }

    static JsonElement Data(ResponseDocument response)
    {
        Assert.True(response.Status == "ok", response.Error?.Message);
        return JsonSerializer.SerializeToElement(response, ResultDocument.Json).GetProperty("data");
    }

    Task<ResponseDocument> AnswerAsync(string command, string payload) =>
        new RequestHandler([PlanRequests.Slots(_plan.Store), PlanRequests.Planogram(_plan.Store)]).AnswerAsync(command, Encoding.UTF8.GetBytes(payload), TestContext.Current.CancellationToken);
}
