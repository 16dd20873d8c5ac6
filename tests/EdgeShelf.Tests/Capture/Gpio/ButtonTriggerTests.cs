using System.Device.Gpio;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class ButtonTriggerTests : IAsyncLifetime
{
    readonly FakeTimeProvider _clock = new();
    readonly CaptureQueue _queue = new();
    readonly ListLogger<ButtonTrigger> _log = new();
    readonly BenchLine _button = new();
    ButtonTrigger? _trigger;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _trigger!.StopAsync(Cancellation);
        _trigger.Dispose();
        _button.Dispose();
    }

    [Fact]
    public async Task EachPressIsOneCaptureHoweverItBounces()
    {
        await StartAsync(_button.Chip);
        await ReadyAsync();
        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        _button.PressAndRelease();
        _button.PressAndRelease();

        Assert.Equal([Trigger.Button, Trigger.Button], [await NextAsync(requests), await NextAsync(requests)]);
        await AssertNothingWaitsAsync(requests);
    }

    [Fact]
    public async Task PressesDuringAPictureAreKeptAndThoseThatAreTooManyAreLoggedAndLeftOut()
    {
        await StartAsync(_button.Chip);
        await ReadyAsync();

        for (int i = 0; i < CaptureQueue.Capacity + 2; i++)
            _button.PressAndRelease();
        await Wait.UntilAsync(() => _log.Lines.Count(line => line.Contains("was ignored", StringComparison.Ordinal)) == 2);

        await using IAsyncEnumerator<CaptureRequest> requests = _queue.ReadAllAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < CaptureQueue.Capacity; i++)
            Assert.Equal(Trigger.Button, await NextAsync(requests));
        await AssertNothingWaitsAsync(requests);
    }

    [Theory]
    [InlineData("Up", true, PinMode.InputPullUp)]
    [InlineData("Down", false, PinMode.InputPullDown)]
    [InlineData("None", true, PinMode.Input)]
    public async Task TheLineIsAskedForWithTheResistorThatIsConfigured(string pull, bool activeLow, PinMode mode)
    {
        await StartAsync(_button.Chip, new ButtonOptions { Line = BenchLine.Number, Pull = Enum.Parse<Pull>(pull), ActiveLow = activeLow });

        await ReadyAsync();

        Assert.Equal(mode, _button.Mode);
    }

    [Fact]
    public async Task WithoutGpioThereIsOneLineInTheLogAndTheTriggerTriesAgain()
    {
        bool isThere = false;
        int attempts = 0;
        await StartAsync(() =>
        {
            attempts++;
            return isThere ? _button.Chip() : throw new IOException("/dev/gpiochip0: Permission denied (13)");
        });
        await Wait.UntilAsync(() => attempts == 1);
        await AdvanceUntilAsync(() => attempts >= 3);
        Assert.Single(_log.Lines);
        Assert.Contains("Permission denied", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("group gpio", _log.Lines[0], StringComparison.Ordinal);
        isThere = true;
        await AdvanceUntilAsync(() => _log.Lines.Count == 2);

        _button.PressAndRelease();

        await Wait.UntilAsync(() => _queue.IsBusy);
    }

    [Fact]
    public async Task AChipThatGoesAwayWhileRunningEndsNothingAndIsOpenedAgain()
    {
        int opened = 0;
        using BenchLine second = new();
        await StartAsync(() => ++opened == 1 ? _button.Chip() : second.Chip());
        await Wait.UntilAsync(() => opened == 1);

        _button.Unplug();
        await AdvanceUntilAsync(() => _log.Lines.Any(line => line.Contains("No such device", StringComparison.Ordinal)));
        await AdvanceUntilAsync(() => opened == 2);
        second.PressAndRelease();

        await Wait.UntilAsync(() => _queue.IsBusy);
        Assert.False(_trigger!.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task AFaultOfAnyKindInTheEventThreadIsContained()
    {
        await StartAsync(() => throw new InvalidOperationException("A bug of the driver."));

        await Wait.UntilAsync(() => _log.Lines.Count == 1);

        Assert.False(_trigger!.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task WithoutAConfiguredLineNothingIsOpened()
    {
        await StartAsync(() => throw new InvalidOperationException("opened"), new ButtonOptions());

        await _trigger!.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    async Task StartAsync(Func<GpioController> open, ButtonOptions? options = null)
    {
        _trigger = new ButtonTrigger(options ?? new ButtonOptions { Line = BenchLine.Number }, open, _queue, _clock, _log);
        await _trigger.StartAsync(Cancellation);
    }

    // What is pressed before the line is open counts as held down.
    async Task ReadyAsync() => await Wait.UntilAsync(() => _log.Lines.Any(line => line.Contains("ready", StringComparison.Ordinal)));

    async Task AdvanceUntilAsync(Func<bool> condition) => await Wait.UntilAsync(() =>
    {
        _clock.Advance(ButtonTrigger.RetryAfter);
        return condition();
    });

    // Something else is put at the end of the queue; when it comes out first, nothing was before it.
    async Task AssertNothingWaitsAsync(IAsyncEnumerator<CaptureRequest> requests)
    {
        Assert.True(_queue.TryRequest(Trigger.Request, out _));
        Assert.Equal(Trigger.Request, await NextAsync(requests));
    }

    static async Task<Trigger> NextAsync(IAsyncEnumerator<CaptureRequest> requests)
    {
        Assert.True(await requests.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        return requests.Current.Trigger;
    }
}
