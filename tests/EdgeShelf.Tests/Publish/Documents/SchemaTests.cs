using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Logging;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Documents;

public sealed class SchemaTests : IDisposable
{
    readonly OutboxInFolder _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void AResultHoldsToItsSchemaFreshAndReplayed()
    {
        _some.AppendResult("Crème fraîche, \"replayed\":false");
        byte[] payload = _some.Outbox.Peek()!.Payload;

        Schemas.AssertValid("result", Encoding.UTF8.GetString(payload));
        string replayed = Encoding.UTF8.GetString(ReplayedFlag.Set(payload));
        Schemas.AssertValid("result", replayed);
        Assert.True(JsonDocument.Parse(replayed).RootElement.GetProperty("replayed").GetBoolean());
        Assert.Equal(payload.Length - 1, replayed.Length + (payload.Length - Encoding.UTF8.GetString(payload).Length));
    }

    [Fact]
    public void AResultWithSlotsSaysOfEachWhereItIsWhatBelongsThereAndWhatIsThere()
    {
        _some.Outbox.AppendResult(SomeResult.OfSlots(), Trigger.Confirm, _some.Clock.GetUtcNow());
        string json = Encoding.UTF8.GetString(_some.Outbox.Peek()!.Payload);

        Schemas.AssertValid("result", json);
        JsonElement result = JsonDocument.Parse(json).RootElement;
        Assert.Equal("confirm", result.GetProperty("trigger").GetString());
        Assert.Equal("""{"name":"bay-4","version":"12"}""", result.GetProperty("planogram").GetRawText());
        JsonElement first = result.GetProperty("slots")[0], second = result.GetProperty("slots")[1];
        Assert.Equal("""{"x":0.1,"y":0.2,"width":0.1235,"height":0.25}""", first.GetProperty("region").GetRawText());
        Assert.Equal("""{"label":"Granny-Smith","name":"Granny Smith","sku":"4017"}""", first.GetProperty("expected").GetRawText());
        Assert.Equal((true, "match"), (first.GetProperty("cached").GetBoolean(), first.GetProperty("verdict").GetString()));
        Assert.Equal((JsonValueKind.Null, "unchecked"), (second.GetProperty("expected").ValueKind, second.GetProperty("verdict").GetString()));
    }

    [Fact]
    public void WithoutSlotsResultsAndUploadsAreAsTheyWereButForAPlanogramThatIsNull()
    {
        string[] slotFields = ["slot", "top", "needs_review", "review_reason"];
        _some.AppendResult();
        JsonElement result = JsonDocument.Parse(_some.Outbox.Peek()!.Payload).RootElement;
        JsonElement upload = JsonSerializer.SerializeToElement(
            UploadDocument.Of(SomeResult.Of(), new Frame(new byte[1], "http", null, _some.Clock.GetUtcNow(), TimeSpan.Zero), "shelf-07"), ResultDocument.Json);

        Assert.Equal(slotFields, result.GetProperty("slots")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("planogram").ValueKind);
        Assert.Equal(slotFields, upload.GetProperty("slots")[0].EnumerateObject().Select(field => field.Name));
        Assert.False(upload.TryGetProperty("planogram", out _));
        // Consumers that took the first label for granted still can.
        string withoutTop = Encoding.UTF8.GetString(_some.Outbox.Peek()!.Payload).Replace(result.GetProperty("slots")[0].GetProperty("top").GetRawText(), "[]", StringComparison.Ordinal);
        Assert.False(Schemas.IsValid("result", withoutTop));
    }

    [Fact]
    public void TheShelfHoldsToItsSchemaWithEachVerdictAndView()
    {
        Verdict[] confirmed = [Verdict.Match, Verdict.Mismatch, Verdict.Empty, Verdict.Unknown, Verdict.Unchecked];
        BayState bay = SomeBay.Of(6, [.. confirmed.Select((verdict, i) => ($"1-{i + 1:00}", verdict))])
            .With("1-05", slot => slot with { Expected = null, LastSeenAt = null })
            .With("1-06", slot => slot with { CoveredSince = _some.Clock.GetUtcNow() - SlotState.CoveredLongAfter - TimeSpan.FromSeconds(1) });
        foreach (BayView view in Enum.GetValues<BayView>())
        {
            string json = ShelfJson(bay with { View = view });
            Schemas.AssertValid("shelf", json);
            JsonElement[] slots = [.. JsonDocument.Parse(json).RootElement.GetProperty("slots").EnumerateArray()];
            Assert.Equal(["match", "mismatch", "empty", "unknown", "unchecked", "match"], slots.Select(slot => slot.GetProperty("verdict").GetString()));
            Assert.Equal([false, false, false, false, false, true], slots.Select(slot => slot.GetProperty("covered_long").GetBoolean()));
        }
        JsonElement shelf = JsonDocument.Parse(ShelfJson(bay)).RootElement;
        Assert.Equal((5, 2, 5, 0.4), (shelf.GetProperty("expected").GetInt32(), shelf.GetProperty("available").GetInt32(), shelf.GetProperty("judged").GetInt32(), shelf.GetProperty("availability").GetDouble()));
        Assert.Equal("bay-4", shelf.GetProperty("planogram").GetProperty("name").GetString());
    }

    [Fact]
    public void TheExampleOfTheReadmeIsAShelfThatTheDeviceCouldPublish()
    {
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "src", "EdgeShelf", "Publish", "README.md"));
        int start = readme.IndexOf("```json", readme.IndexOf("## `…/shelf`", StringComparison.Ordinal), StringComparison.Ordinal) + "```json".Length;

        string example = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        Schemas.AssertValid("shelf", example);
        ShelfDocument shelf = JsonSerializer.Deserialize<ShelfDocument>(example, ResultDocument.Json)!;
        Assert.Equal(JsonDocument.Parse(example).RootElement.EnumerateObject().Select(field => field.Name), JsonSerializer.SerializeToElement(shelf, ResultDocument.Json).EnumerateObject().Select(field => field.Name));
    }

    string ShelfJson(BayState bay)
    {
        BayStatus status = new(_some.Clock);
        status.Set(bay, []);
        return JsonSerializer.Serialize(ShelfDocument.Of(status.Now, "shelf-07", _some.Clock.GetUtcNow(), clockSynced: true), ResultDocument.Json);
    }

    [Fact]
    public void EventsHoldToTheirSchema()
    {
        _some.Options.MaxMessages = 3;
        _some.Outbox.AppendEvent(EventTypes.CaptureFailed, "The camera hangs.", new JsonObject { ["code"] = "camera-timeout" });
        for (int i = 0; i < 4; i++)
            _some.AppendResult();
        _some.Outbox.SetAside(_some.Outbox.Peek()!.Seq, "not authorized");
        List<OutboxMessage> events = [.. _some.Drain().Where(message => message.Topic == OutboxTopics.Event)];
        _some.Outbox.Dispose();
        File.Delete(_some.File(DurableOutbox.FileName));
        _some.Reopen();
        events.AddRange(_some.Drain());

        Assert.Equal(3, events.Count);
        Assert.All(events, message => Schemas.AssertValid("event", Encoding.UTF8.GetString(message.Payload)));
    }

    [Fact]
    public void TheStateHoldsToItsSchemaBeforeAndAfterTheFirstResult()
    {
        ShelfStatus status = new(_some.Clock);
        StateReporter state = new(Microsoft.Extensions.Options.Options.Create(_some.Options), status, () => null, _some.Outbox, _some.Clock, () => true);
        Schemas.AssertValid("state", JsonSerializer.Serialize(state.Now(), ResultDocument.Json));

        state = new StateReporter(Microsoft.Extensions.Options.Options.Create(_some.Options), status, () => SomeResult.Model, _some.Outbox, _some.Clock, () => true);
        status.ResultCommitted(_some.AppendResult());
        status.CaptureFailed(DevicePart.Camera, "camera-timeout", "The camera hangs.");
        status.CaptureFailed(DevicePart.Storage, "outbox-failed", "The disk is full.");
        Schemas.AssertValid("state", JsonSerializer.Serialize(state.Now(), ResultDocument.Json));
    }

    [Fact]
    public void TheAgeOfTheLastResultGrowsOnAMonotonicClock()
    {
        ShelfStatus status = new(_some.Clock);
        StateReporter state = new(Microsoft.Extensions.Options.Options.Create(_some.Options), status, () => null, _some.Outbox, _some.Clock, () => true);
        status.ResultCommitted(_some.AppendResult());
        Assert.Equal(0, state.Now().LastResultAgeS);

        _some.Clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(90, state.Now().LastResultAgeS);
    }

    [Fact]
    public async Task ResponsesHoldToTheirSchema()
    {
        ShelfStatus status = new(_some.Clock);
        StateReporter state = new(Microsoft.Extensions.Options.Options.Create(_some.Options), status, () => null, _some.Outbox, _some.Clock, () => true);
        RequestHandler handler = new(
            [new RequestCommand("status", "", _ => PublishJson.Node(state.Now(), PublishJson.Wire.StateDocument)), IntervalCommand.Create(new CaptureInterval(TimeSpan.FromMinutes(1))), LogLevelCommand.Create(new Serilog.Core.LoggingLevelSwitch())]);
        foreach ((string command, string payload) in new[] { ("status", """{"transaction":{"any":[1]}}"""), ("dance", ""), ("status", "{"), ("interval", ""), ("interval", "never"), ("log-level", "Debug") })
        {
            ResponseDocument response = await handler.AnswerAsync(command, Encoding.UTF8.GetBytes(payload), TestContext.Current.CancellationToken);
            Schemas.AssertValid("response", JsonSerializer.Serialize(response, ResultDocument.Json));
        }
    }

    /// <summary>frigate#771: whatever the machine's time zone, times are UTC with Z.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(13.75)]
    [InlineData(-11)]
    public void TimesAreUtcWhateverOffsetTheyCameWith(double offset)
    {
        DateTimeOffset captured = new DateTimeOffset(2026, 11, 25, 8, 30, 0, 123, TimeSpan.Zero).ToOffset(TimeSpan.FromHours(offset));
        _some.Outbox.AppendResult(SomeResult.Of(), Trigger.Timer, captured);

        string text = JsonDocument.Parse(_some.Outbox.Peek()!.Payload).RootElement.GetProperty("captured_at").GetString()!;

        Assert.Equal("2026-11-25T08:30:00.123Z", text);
        Assert.Equal(captured, DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
    }
}
