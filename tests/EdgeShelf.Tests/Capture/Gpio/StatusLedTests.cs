using EdgeShelf.Capture.Gpio;
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

        await Eventually.TrueAsync(() =>
        {
            clock.Advance(LedPattern.Step);
            return light.Written.Count >= 4;
        });
        await led.StopAsync(TestContext.Current.CancellationToken);

        bool[] written = [.. light.Written];
        Assert.All(written[..^1].Zip(written[1..^1]), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(activeLow, written[^1]);
    }
}
