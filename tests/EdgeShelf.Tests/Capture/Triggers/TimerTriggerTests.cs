using EdgeShelf.Capture;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Capture.Triggers;

public sealed class TimerTriggerTests : IAsyncLifetime
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    readonly CaptureQueue _queue = new();
    readonly ListLogger<TimerTrigger> _log = new();
    readonly IAsyncEnumerator<CaptureRequest> _requests;
    TimerTrigger? _trigger;

    public TimerTriggerTests() => _requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _trigger!.StopAsync(Cancellation);
        _trigger.Dispose();
    }

    [Fact]
    public async Task TheFirstPictureIsTakenAtOnceAndThenOneAnInterval()
    {
        await StartAsync(Minute);
        await ServeAsync(Trigger.Timer);

        for (int i = 0; i < 5; i++)
        {
            await AssertNothingWaitsAsync();
            _clock.Advance(Minute);
            await ServeAsync(Trigger.Timer);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(24 * 365 * 10)]
    public async Task AStepOfTheWallClockNeitherStopsNorFloodsTheSchedule(int hours)
    {
        await StartAsync(Minute);
        await ServeAsync(Trigger.Timer);

        _clock.AdjustTime(_clock.GetUtcNow().AddHours(hours));

        await AssertNothingWaitsAsync();
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(Minute);
            await ServeAsync(Trigger.Timer);
            await AssertNothingWaitsAsync();
        }
    }

    [Fact]
    public async Task APictureThatFallsDueWhileOneIsTakenIsLeftOutAndNotMadeUpFor()
    {
        await StartAsync(Minute);
        CaptureRequest slow = await NextAsync();
        _clock.Advance(Minute);
        await Wait.UntilAsync(() => _log.Lines.Count > 0);
        await AssertNothingWaitsAsync();

        Finish(slow);
        await AssertNothingWaitsAsync();
        _clock.Advance(Minute);

        await ServeAsync(Trigger.Timer);
        await AssertNothingWaitsAsync();
    }

    [Fact]
    public async Task AFullQueueIsNoReasonToStop()
    {
        for (int i = 0; i < CaptureQueue.Capacity; i++)
            Press();
        await StartAsync(Minute);
        await Wait.UntilAsync(() => _log.Lines.Count > 0);
        for (int i = 0; i < CaptureQueue.Capacity; i++)
            await ServeAsync(Trigger.Button);

        _clock.Advance(Minute);

        await ServeAsync(Trigger.Timer);
    }

    [Fact]
    public async Task WithoutAnIntervalThereIsNoTimer()
    {
        await StartAsync(TimeSpan.Zero);

        await _trigger!.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await AssertNothingWaitsAsync();
    }

    /// <summary>A change after the stop reached a timer that was gone.</summary>
    [Fact]
    public async Task AfterTheStopAChangeOfTheIntervalReachesNoTimer()
    {
        CaptureInterval interval = new(Minute);
        _trigger = new TimerTrigger(interval, _queue, _clock, _log);
        await _trigger.StartAsync(Cancellation);
        await _trigger.StopAsync(Cancellation);

        Assert.True(interval.TryChange(TimeSpan.FromSeconds(5)));
    }

    async Task StartAsync(TimeSpan interval)
    {
        _trigger = new TimerTrigger(new CaptureInterval(interval), _queue, _clock, _log);
        await _trigger.StartAsync(Cancellation);
    }

    async Task<CaptureRequest> NextAsync()
    {
        Assert.True(await _requests.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        return _requests.Current;
    }

    async Task ServeAsync(Trigger expected)
    {
        CaptureRequest request = await NextAsync();
        Assert.Equal(expected, request.Trigger);
        Finish(request);
    }

    // A press goes to the end of the queue; when it comes out first, nothing was before it.
    async Task AssertNothingWaitsAsync()
    {
        Press();
        await ServeAsync(Trigger.Button);
    }

    void Press() => Assert.True(_queue.TryRequest(Trigger.Button, out Task<CommittedResult>? _));

    static void Finish(CaptureRequest request) =>
        request.Outcome.SetException(new CaptureException("camera-failed", "The test plays a worker that fails.", "Nothing."));
}
