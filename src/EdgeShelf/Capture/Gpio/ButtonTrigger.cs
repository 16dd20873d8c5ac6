using System.Device.Gpio;
using EdgeShelf.Shelf;
using Iot.Device.Button;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// Requests a picture at each press. Presses during a capture wait in the queue. A hardware fault is logged once and the button is
/// tried again each minute, while the other triggers continue.
/// </summary>
/// <param name="open">A function that opens the chip. It is called only if a line is configured.</param>
sealed class ButtonTrigger(ButtonOptions options, Func<GpioController> open, CaptureQueue queue, TimeProvider clock, ILogger<ButtonTrigger> log) : BackgroundService
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    // Read the level to detect a chip that was removed, because nothing else reports it.
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

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
                using GpioButton button = new(line, isPullUp: options.ActiveLow, hasExternalResistor: options.Pull == Pull.None, controller, shouldDispose: false);
                button.ButtonDown += Press;
                log.ButtonIsReady();
                reported = null;
                using PeriodicTimer timer = new(LookEvery, clock);
                while (await timer.WaitForNextTickAsync(stoppingToken))
                    _ = controller.Read(line);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // Catch everything: a broken button must not stop the service, which also has other triggers.
                if (reported != problem.Message)
                    log.ButtonIsOut(problem.Message, (problem as EdgeShelfException)?.Hint ?? "Correct Capture:Gpio, or add the service's user to the group gpio.");
                reported = problem.Message;
            }
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
    }

    void Press(object? sender, EventArgs arguments)
    {
        if (!queue.TryRequest(Trigger.Button, out _))
            log.PressLeftOut(CaptureQueue.Capacity);
    }
}
