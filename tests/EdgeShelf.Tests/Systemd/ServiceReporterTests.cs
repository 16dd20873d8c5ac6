using EdgeShelf.Capture;
using EdgeShelf.Shelf;
using EdgeShelf.Systemd;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Systemd;

public sealed class ServiceReporterTests : IAsyncLifetime
{
    static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(2);

    readonly FakeTimeProvider _clock = new();
    readonly RecordingNotifier _systemd = new();
    readonly ListLogger<ServiceReporter> _log = new();
    readonly StageProgress _progress;
    readonly StallRule _rule;
    readonly ShelfStatus _status;
    readonly ServiceReporter _reporter;

    public ServiceReporterTests()
    {
        _progress = new StageProgress(_clock);
        _rule = new StallRule(Options.Create(new CaptureOptions()));
        _status = new ShelfStatus(_clock);
        _reporter = new ServiceReporter(_systemd, _progress, _rule, _status, SignOfLife, _clock, _log);
    }

    public async ValueTask InitializeAsync()
    {
        await _reporter.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(() => _reporter.Reports == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _reporter.StopAsync(CancellationToken.None);
        _reporter.Dispose();
    }

    [Fact]
    public async Task AnIdleServiceGivesSignsOfLife()
    {
        await TicksPassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(31, _systemd.SignsOfLife);
    }

    [Theory]
    [InlineData("Capture")]
    [InlineData("Inference")]
    [InlineData("Outbox")]
    [InlineData("Publish")]
    public async Task WhileAStageHangsThereIsNoSignOfLife(string name)
    {
        Stage stage = Enum.Parse<Stage>(name);
        using IDisposable hung = _progress.Enter(stage);
        await TicksPassAsync(_rule.LimitOf(stage) - SignOfLife);
        int before = _systemd.SignsOfLife;
        Assert.True(before > 1);

        await TicksPassAsync(SignOfLife * 2);
        int atTheLimit = _systemd.SignsOfLife;
        await TicksPassAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(atTheLimit, _systemd.SignsOfLife);
        Assert.Single(_log.Lines, line => line.StartsWith($"Critical: {name} is hung", StringComparison.Ordinal));
        Assert.Contains(_systemd.Heard, line => line.StartsWith($"STATUS=hung in {name}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatGoesOnAfterAllIsAliveAgain()
    {
        using (_progress.Enter(Stage.Outbox))
            await TicksPassAsync(_rule.LimitOf(Stage.Outbox) + SignOfLife * 2);
        int before = _systemd.SignsOfLife;

        await TicksPassAsync(SignOfLife);

        Assert.Equal(before + 1, _systemd.SignsOfLife);
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WorkThatComesAndGoesNeverCountsAsHung()
    {
        for (int picture = 0; picture < 100; picture++)
        {
            using IDisposable work = _progress.Enter(Stage.Capture);
            await TicksPassAsync(SignOfLife);
        }
        Assert.Equal(101, _systemd.SignsOfLife);
    }

    [Fact]
    public async Task TheStatusLineIsToldWhenItChangesAndNotBetween()
    {
        _status.CaptureFailed(DevicePart.Camera, "camera-timeout", "The camera said\nnothing.");
        await TicksPassAsync(SignOfLife * 3);

        string line = Assert.Single(_systemd.Heard, line => line.Contains("camera-timeout", StringComparison.Ordinal));
        Assert.StartsWith("STATUS=camera fails since", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    /// <summary>One tick at a time, each heard before the next: a timer that is late would swallow some.</summary>
    async Task TicksPassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += SignOfLife)
        {
            int heard = _reporter.Reports;
            _clock.Advance(SignOfLife);
            await Wait.UntilAsync(() => _reporter.Reports > heard);
        }
    }
}
