using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace EdgeShelf.Tests.Publish.Requests;

/// <summary>Requests of strangers: how many are answered, and where.</summary>
public sealed class RequestInboxTests : IDisposable
{
    const string Own = "edgeshelf/shelf-07/response/status";

    readonly FakeTimeProvider _clock = new();
    readonly MemoryLog _log = new();
    RequestInbox _inbox;

    public RequestInboxTests() => _inbox = Create(answersElsewhere: true);

    public void Dispose() => _inbox.Dispose();

    /// <summary>10,343 lines in 12 s overwrote all logs in minutes.</summary>
    [Fact]
    public async Task BeyondTheBurstRequestsAreDroppedWithOneLineAMinute()
    {
        for (int i = 0; i < 10_000; i++)
            Ask();
        Assert.Equal(RequestLimiter.Burst, await AnswersAsync(RequestLimiter.Burst));
        Assert.Equal("Warning: 1 requests were dropped: the device accepts 10 at once, and then one per second. ", Assert.Single(_log.Lines, IsDrop));

        _clock.Advance(CountedLine.WrittenEvery);
        Assert.Equal(2, _log.Lines.Count(IsDrop));
        Assert.Contains($"{10_000 - RequestLimiter.Burst - 1} requests", _log.Lines.Last(IsDrop), StringComparison.Ordinal);

        for (int i = 0; i < RequestLimiter.Burst; i++)
            Ask();
        Assert.Equal(RequestLimiter.Burst, await AnswersAsync(RequestLimiter.Burst));
        _clock.Advance(CountedLine.WrittenEvery);
        Assert.Equal(2, _log.Lines.Count(IsDrop));
    }

    [Theory]
    [InlineData("backend/answers", "backend/answers")]
    [InlineData("/edgeshelf/shelf-08/request/capture", "/edgeshelf/shelf-08/request/capture")]
    [InlineData("edgeshelf/shelf-07/response/mine", "edgeshelf/shelf-07/response/mine")]
    [InlineData("edgeshelf/shelf-07/request/status", null)]
    [InlineData("edgeshelf/shelf-07/result", null)]
    [InlineData("edgeshelf/shelf-07", null)]
    [InlineData("edgeshelf/shelf-08/request/capture", null)]
    [InlineData("edgeshelf/shelf-08/desired", null)]
    [InlineData("edgeshelf/_group/all/desired", null)]
    [InlineData("edgeshelf/shelf-07/response/+", null)]
    [InlineData("backend/#", null)]
    [InlineData("$SYS/broker", null)]
    [InlineData("$share/a/edgeshelf/shelf-08/request/capture", null)]
    public async Task AResponseTopicIsHonouredUnlessItBelongsToADevice(string asked, string? honoured)
    {
        Ask(responseTopic: asked);

        Response response = await AnswerAsync();

        Assert.Equal((honoured, Own), (response.RequestedTopic, response.OwnTopic));
    }

    [Theory]
    [InlineData("backend/answers", null)]
    [InlineData("edgeshelf/shelf-07/response/mine", "edgeshelf/shelf-07/response/mine")]
    public async Task WhereForeignTopicsAreOffOnlyTheDevicesOwnAreHonoured(string asked, string? honoured)
    {
        _inbox.Dispose();
        _inbox = Create(answersElsewhere: false);
        Ask(responseTopic: asked);

        Assert.Equal(honoured, (await AnswerAsync()).RequestedTopic);
    }

    [Theory]
    [InlineData(RequestInbox.MaxCorrelationBytes, "ok")]
    [InlineData(RequestInbox.MaxCorrelationBytes + 1, "error")]
    public async Task LongCorrelationDataAreRefusedAndNotSentBack(int length, string status)
    {
        Ask(correlation: new byte[length]);

        Response response = await AnswerAsync();

        Assert.Equal(status, JsonDocument.Parse(response.Payload).RootElement.GetProperty("status").GetString());
        Assert.Equal(status == "ok" ? length : null, response.Correlation?.Length);
    }

    static bool IsDrop(string line) => line.Contains("dropped", StringComparison.Ordinal);

    RequestInbox Create(bool answersElsewhere) => new(
        new RequestHandler([new RequestCommand("status", "", _ => "fine")]), new DeviceTopics("shelf-07"), answersElsewhere, new WakeSignal(_clock), _clock, _log);

    void Ask(string? responseTopic = null, byte[]? correlation = null) => _inbox.Accept(
        new MqttApplicationMessage { Topic = "edgeshelf/shelf-07/request/status", ResponseTopic = responseTopic, CorrelationData = correlation }, TestContext.Current.CancellationToken);

    async Task<Response> AnswerAsync()
    {
        Response? response = null;
        await Wait.UntilAsync(() => _inbox.TryTakeResponse(out response));
        return response!;
    }

    /// <summary>Waits for as many as are expected; more than that would be answered by the same threads at the same time.</summary>
    async Task<int> AnswersAsync(int expected)
    {
        int count = 0;
        for (; count < expected; count++)
            await AnswerAsync();
        await Wait.UntilAsync(() => _log.Lines.Count(line => line.Contains("Request status: ok", StringComparison.Ordinal)) % RequestLimiter.Burst == 0);
        while (_inbox.TryTakeResponse(out _))
            count++;
        return count;
    }
}
