using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Logging;
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
    public void EventsHoldToTheirSchema()
    {
        _some.Options.MaxMessages = 3;
        _some.Outbox.AppendEvent(EventTypes.CaptureFailed, "The camera hangs.", new { code = "camera-timeout" });
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
            [new RequestCommand("status", "", _ => state.Now()), IntervalCommand.Create(new CaptureInterval(TimeSpan.FromMinutes(1))), LogLevelCommand.Create(new Serilog.Core.LoggingLevelSwitch())], _some.Clock);
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
