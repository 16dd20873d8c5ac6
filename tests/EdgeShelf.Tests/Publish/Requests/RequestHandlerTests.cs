using System.Text;
using System.Text.Json;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Logging;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Serilog.Core;
using Serilog.Events;

namespace EdgeShelf.Tests.Publish.Requests;

public sealed class RequestHandlerTests : IDisposable
{
    readonly OutboxInFolder _some = new();
    readonly CaptureQueue _queue = new();
    readonly CaptureInterval _interval = new(TimeSpan.FromMinutes(1));
    readonly LoggingLevelSwitch _level = new(LogEventLevel.Information);
    readonly RequestHandler _handler;

    public RequestHandlerTests()
    {
        StateReporter state = new(Microsoft.Extensions.Options.Options.Create(_some.Options), new ShelfStatus(_some.Clock), () => null, _some.Outbox, _some.Clock, () => true);
        _handler = new RequestHandler(
            [CaptureCommand.Create(_queue, _some.Clock), new RequestCommand("status", "", _ => PublishJson.Node(state.Now(), PublishJson.Wire.StateDocument)), IntervalCommand.Create(_interval), LogLevelCommand.Create(_level)]);
    }

    public void Dispose() => _some.Dispose();

    [Theory]
    [InlineData("90", 90)]
    [InlineData("00:01:30", 90)]
    [InlineData("""{"value":1.5}""", 1.5)]
    [InlineData("""{"value":"86400"}""", 86400)]
    [InlineData("90s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("""{"value":"1.5m"}""", 90)]
    public async Task TheIntervalIsChangedInSecondsOrAsATime(string payload, double seconds)
    {
        Assert.Equal("ok", (await AnswerAsync("interval", payload)).Status);
        Assert.Equal(seconds, _interval.Current.TotalSeconds);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.5")]
    [InlineData("86401")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("NaN")]
    [InlineData("soon")]
    [InlineData("00:00:90")]
    [InlineData("5:00")]
    [InlineData("1.2.3")]
    [InlineData(".")]
    [InlineData("2d")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("""{"value":[1]}""")]
    public async Task AnIntervalOutsideTheBoundsIsRefusedWithThem(string payload)
    {
        ResponseDocument response = await AnswerAsync("interval", payload);

        Assert.Equal("bad-value", response.Error!.Code);
        Assert.Contains("1 to 86400", response.Error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), _interval.Current);
    }

    [Fact]
    public async Task TheLogLevelIsChangedAndAnUnknownOneRefused()
    {
        Assert.Equal("ok", (await AnswerAsync("log-level", "debug")).Status);
        Assert.Equal(LogEventLevel.Debug, _level.MinimumLevel);
        Assert.Equal("bad-value", (await AnswerAsync("log-level", "17")).Error!.Code);
        Assert.Equal("bad-value", (await AnswerAsync("log-level", "loud")).Error!.Code);
        Assert.Equal(LogEventLevel.Debug, _level.MinimumLevel);
    }

    [Fact]
    public async Task AFailedCaptureIsAnsweredWithItsCode()
    {
        Task<ResponseDocument> asked = AnswerAsync("capture", """{"transaction":"t"}""");
        await foreach (CaptureRequest request in _queue.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            request.Outcome.SetException(new CaptureException("camera-timeout", "The camera hangs.", "Look at its cable."));
            break;
        }

        ResponseDocument response = await asked;
        Assert.Equal(("error", "camera-timeout"), (response.Status, response.Error!.Code));
        Assert.Equal("t", response.Transaction!.Value.GetString());
    }

    [Fact]
    public async Task CapturesBeyondWhatCanWaitAreRefused()
    {
        for (int i = 0; i < CaptureQueue.Capacity; i++)
            Assert.True(_queue.TryRequest(Trigger.Timer, out _));

        Assert.Equal("busy", (await AnswerAsync("capture", "")).Error!.Code);
    }

    [Fact]
    public async Task ALargeOrBrokenRequestIsRefused()
    {
        Assert.Equal("bad-request", (await AnswerAsync("status", new string('x', RequestCommand.UsualMaxBytes + 1))).Error!.Code);
        Assert.Equal("bad-request", (await AnswerAsync("status", """{"transaction":""")).Error!.Code);
        Assert.Equal(JsonValueKind.Number, (await AnswerAsync("status", """{"transaction":5}""")).Transaction!.Value.ValueKind);
    }

    [Theory]
    [InlineData("""{"interval":10}""", "`interval`; allowed are `value` and `transaction`")]
    [InlineData("""{"Value":10}""", "`Value`; allowed are")]
    [InlineData("""{"value":10,"transaction":"t","unit":"s"}""", "`unit`; allowed are")]
    [InlineData("""{"value":10,"value":20}""", "a key twice")]
    [InlineData("""{"value":"\ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"value":10,"transaction":{"a":["\udfff"]}}""", "half of a surrogate pair")]
    [InlineData("""{"\ud800":10}""", "half of a surrogate pair")]
    [InlineData("""[10]""", "a JSON array")]
    public async Task ARequestThatWouldChangeNothingIsRefusedWithWhatIsAllowed(string payload, string expected)
    {
        ResponseDocument response = await AnswerAsync("interval", payload);

        Assert.Equal("bad-request", response.Error!.Code);
        Assert.Contains(expected, response.Error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), _interval.Current);
    }

    [Theory]
    [InlineData("""{"interval":10,"transaction":"t"}""", "\"t\"")]
    [InlineData("""{"value":1,"value":2,"transaction":{"a":[1]}}""", "{\"a\":[1]}")]
    [InlineData("""{"transaction":7,"value":"\ud800"}""", "7")]
    [InlineData("""{"\ud800":1,"transaction":7}""", "7")]
    [InlineData("""{"transaction":"\ud800","value":1}""", null)]
    [InlineData("""{"transaction":1,"transaction":2}""", null)]
    [InlineData("""{"transaction":1""", null)]
    [InlineData("""[{"transaction":1}]""", null)]
    public async Task ARefusedRequestIsAnsweredWithItsTransactionIfItCanBeRead(string payload, string? transaction)
    {
        ResponseDocument response = await AnswerAsync("interval", payload);

        Assert.Equal("bad-request", response.Error!.Code);
        Assert.Equal(transaction, response.Transaction?.GetRawText());
        Assert.Contains("\"transaction\":", JsonSerializer.Serialize(response, ResultDocument.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("capture", "now", "now")]
    [InlineData("status", "full", "full")]
    [InlineData("status", """{"value":{"full":true},"transaction":"t"}""", "{\"full\":true}")]
    public async Task AValueForACommandThatTakesNoneIsRefused(string command, string payload, string shown)
    {
        ResponseDocument response = await AnswerAsync(command, payload);

        Assert.Equal("bad-request", response.Error!.Code);
        Assert.Contains($"`{command}` takes no value, and the request has `{shown}`", response.Error.Message, StringComparison.Ordinal);
        Assert.False(_queue.IsBusy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(" {\"value\":null} ")]
    [InlineData("""{"transaction":null}""")]
    public async Task ARequestWithoutAValueIsUnderstoodInEachForm(string payload) => Assert.Equal("ok", (await AnswerAsync("status", payload)).Status);

    [Fact]
    public async Task JsonThatIsBrokenIsExplainedInPlainWords()
    {
        ResponseDocument response = await AnswerAsync("interval", """{"value": 90s}""");

        Assert.Equal("The request is not valid JSON: line 1, column 13: 's' stands where a comma or } is needed.", response.Error!.Message);
    }

    [Fact]
    public async Task ARequestThatIsNotUtf8IsRefused() =>
        Assert.Equal("bad-request", (await _handler.AnswerAsync("log-level", [0xFF, 0xFE], TestContext.Current.CancellationToken)).Error!.Code);

    Task<ResponseDocument> AnswerAsync(string command, string payload) =>
        _handler.AnswerAsync(command, Encoding.UTF8.GetBytes(payload), TestContext.Current.CancellationToken);
}
