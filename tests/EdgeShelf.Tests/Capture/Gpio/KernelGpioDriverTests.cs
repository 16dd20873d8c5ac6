using System.Device.Gpio;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Gpio;

/// <summary>The driver behind System.Device.Gpio's own controller.</summary>
public sealed class KernelGpioDriverTests : IDisposable
{
    readonly BenchLine _line = new();
    readonly GpioController _chip;

    public KernelGpioDriverTests() => _chip = _line.Chip();

    public void Dispose() => _chip.Dispose();

    [Fact]
    public void EachLevelThatHoldsIsOneEvent()
    {
        _chip.OpenPin(BenchLine.Number, PinMode.InputPullUp);
        List<PinEventTypes> seen = [];
        using CountdownEvent both = new(2);
        _chip.RegisterCallbackForPinValueChangedEvent(BenchLine.Number, PinEventTypes.Rising | PinEventTypes.Falling, (_, change) =>
        {
            seen.Add(change.ChangeType);
            both.Signal();
        });

        _line.PressAndRelease();

        Assert.True(both.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal([PinEventTypes.Falling, PinEventTypes.Rising], seen);
    }

    [Fact]
    public async Task WaitingForAnEventEndsWithItOrWithTheLimit()
    {
        _chip.OpenPin(BenchLine.Number, PinMode.Input);
        Assert.True(_chip.WaitForEvent(BenchLine.Number, PinEventTypes.Falling, TimeSpan.FromMilliseconds(1)).TimedOut);
        Task<WaitForEventResult> waiting = Task.Run(() => _chip.WaitForEvent(BenchLine.Number, PinEventTypes.Rising, TimeSpan.FromSeconds(30)));

        await Wait.UntilAsync(() =>
        {
            _line.PressAndRelease();
            return waiting.IsCompleted;
        });

        Assert.Equal(PinEventTypes.Rising, (await waiting).EventTypes);
    }

    /// <summary>dotnet/iot#1758: an error in the event thread ended the process.</summary>
    [Fact]
    public async Task ALineThatGoesAwayIsToldByTheNextReading()
    {
        _chip.OpenPin(BenchLine.Number, PinMode.Input);
        _chip.RegisterCallbackForPinValueChangedEvent(BenchLine.Number, PinEventTypes.Falling, (_, _) => { });
        Assert.Equal(PinValue.High, _chip.Read(BenchLine.Number));

        _line.Unplug();

        await Wait.UntilAsync(() => Record.Exception(() => _chip.Read(BenchLine.Number)) is IOException);
        _chip.ClosePin(BenchLine.Number);
    }
}
