using System.Device.Gpio;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Gpio;

/// <summary>Shows the state of the device with one light. Trouble with the hardware is logged once a cause and tried again each minute.</summary>
/// <param name="open">Opens the chip; only called where a line is configured.</param>
/// <param name="state">What to show now.</param>
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
                // All of them: a light is worth no service.
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
            // A light left on would say that all is well.
            light.Write(options.ActiveLow);
        }
    }
}
