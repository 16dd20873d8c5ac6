using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Gpio;

/// <summary>Shows the state of the device with one light. Trouble with the hardware is logged once and tried again each minute.</summary>
/// <param name="open">Opens the line; null when none is configured.</param>
/// <param name="state">What to show now.</param>
sealed class StatusLed(Func<GpioLine>? open, Func<LedState> state, TimeProvider clock, ILogger<StatusLed> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (open is null)
            return;
        bool reported = false;
        while (true)
        {
            try
            {
                await ShowAsync(open, stoppingToken);
            }
            catch (Exception problem) when (problem is IOException or EdgeShelfException)
            {
                if (!reported)
                    log.LedIsOut(problem.Message);
                reported = true;
            }
            await Task.Delay(ButtonTrigger.RetryAfter, clock, stoppingToken);
        }
    }

    async Task ShowAsync(Func<GpioLine> open, CancellationToken stoppingToken)
    {
        using GpioLine line = open();
        long start = clock.GetTimestamp();
        using PeriodicTimer step = new(LedPattern.Step, clock);
        bool? shown = null;
        try
        {
            while (await step.WaitForNextTickAsync(stoppingToken))
            {
                bool on = LedPattern.IsOn(state(), clock.GetElapsedTime(start));
                if (on != shown)
                    line.Write(on);
                shown = on;
            }
        }
        finally
        {
            // A light left on would say that all is well.
            line.Write(false);
        }
    }
}
