using System.Device.Gpio;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Gpio;

/// <summary>Shows the state of the device with an LED. A hardware fault is logged once per cause, and the LED is tried again each minute.</summary>
/// <param name="open">A function that opens the chip. It is called only if a line is configured.</param>
/// <param name="state">A function that returns the state to show.</param>
sealed class StatusLed(LedOptions options, Func<GpioController> open, Func<LedState> state, TimeProvider clock, ILogger<StatusLed> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Line is not { } line)
            return;
        string? reported = null;
        while (true)
        {
            try
            {
                using GpioController controller = open();
                GpioPin light = controller.OpenPin(line, PinMode.Output);
                reported = null;
                await ShowAsync(light, stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // Catch everything: a broken LED must not stop the service.
                if (reported != problem.Message)
                    log.LedIsOut(problem.Message);
                reported = problem.Message;
            }
            await Task.Delay(ButtonTrigger.RetryAfter, clock, stoppingToken);
        }
    }

    async Task ShowAsync(GpioPin light, CancellationToken stoppingToken)
    {
        long start = clock.GetTimestamp();
        using PeriodicTimer step = new(LedPattern.Step, clock);
        bool? shown = null;
        try
        {
            while (await step.WaitForNextTickAsync(stoppingToken))
            {
                bool on = LedPattern.IsOn(state(), clock.GetElapsedTime(start));
                if (on != shown)
                    light.Write(on != options.ActiveLow);
                shown = on;
            }
        }
        finally
        {
            // Turn the LED off, because a steady LED means that the device is ready.
            light.Write(options.ActiveLow);
        }
    }
}
