using System.Device.Gpio;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class StatusLedTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheLightShowsTheStateAndIsOutWhenTheServiceStops(bool activeLow)
    {
        FakeTimeProvider clock = new();
        BenchLine light = new();
        using StatusLed led = new(new LedOptions { Line = BenchLine.Number, ActiveLow = activeLow }, light.Chip, () => LedState.Busy, clock, new ListLogger<StatusLed>());
        await led.StartAsync(TestContext.Current.CancellationToken);

        await Wait.UntilAsync(() =>
        {
            clock.Advance(LedPattern.Step);
            return light.Written.Count >= 4;
        });
        await led.StopAsync(TestContext.Current.CancellationToken);

        bool[] written = [.. light.Written];
        Assert.All(written[..^1].Zip(written[1..^1]), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(activeLow, written[^1]);
    }

    [Fact]
    public async Task EachCauseOfTroubleIsToldOnceAndTheLightIsTriedAgain()
    {
        FakeTimeProvider clock = new();
        BenchLine light = new();
        ListLogger<StatusLed> log = new();
        string? trouble = "no chip";
        int attempts = 0;
        using StatusLed led = new(new LedOptions { Line = BenchLine.Number }, Open, () => LedState.Busy, clock, log);
        await led.StartAsync(TestContext.Current.CancellationToken);

        await AdvanceUntilAsync(() => attempts >= 3);
        trouble = "no rights";
        await AdvanceUntilAsync(() => log.Lines.Count == 2);
        trouble = null;
        await AdvanceUntilAsync(() => !light.Written.IsEmpty);
        await led.StopAsync(TestContext.Current.CancellationToken);

        Assert.Collection(
            log.Lines,
            line => Assert.Contains("no chip", line, StringComparison.Ordinal),
            line => Assert.Contains("no rights", line, StringComparison.Ordinal));

        GpioController Open()
        {
            attempts++;
            return trouble is null ? light.Chip() : throw new EdgeShelfException(trouble, "Mend it.");
        }

        Task AdvanceUntilAsync(Func<bool> condition) => Wait.UntilAsync(() =>
        {
            clock.Advance(ButtonTrigger.RetryAfter);
            return condition();
        });
    }
}
