using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// Asks for a picture at each press. Presses during a picture wait in the queue. Whatever is wrong with the hardware costs
/// one line in the log: it is tried again each minute, and the other triggers go on.
/// </summary>
/// <param name="open">Opens the line; null when none is configured.</param>
sealed class ButtonTrigger(Func<ButtonLine>? open, TimeSpan debounce, CaptureQueue queue, TimeProvider clock, ILogger<ButtonTrigger> log) : BackgroundService
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    // How soon a stop is noticed; waking this seldom costs nothing that can be measured.
    static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    // A contact that never comes to rest is broken; its line is looked at again after this many edges.
    const int MaxBounces = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (open is null)
            return;
        bool reported = false;
        while (true)
        {
            try
            {
                // On a thread of its own, since waiting for edges blocks.
                await Task.Factory.StartNew(() => Watch(open, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                return;
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // All of them: no fault of a button may end the service that also has a timer.
                if (!reported)
                    log.ButtonIsOut(problem.Message, (problem as EdgeShelfException)?.Hint ?? "Correct Capture:Gpio, or add the service's user to the group gpio.");
                reported = true;
            }
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }

        void Watch(Func<ButtonLine> open, CancellationToken stop)
        {
            using ButtonLine line = open();
            Debouncer debouncer = new(debounce, line.IsPressed());
            log.ButtonIsReady();
            reported = false;
            while (!stop.IsCancellationRequested)
            {
                IReadOnlyList<ButtonLine.Edge> edges = line.WaitForEdges(LookForStop);
                for (int bounces = 0; edges.Count > 0 && bounces < MaxBounces; bounces += edges.Count)
                {
                    foreach (ButtonLine.Edge edge in edges)
                        PressIf(debouncer.Edge(edge.Pressed, edge.At));
                    edges = line.WaitForEdges(debounce);
                }
                // Reading the level also notices a chip that was taken away.
                PressIf(debouncer.Quiet(line.IsPressed()));
            }
        }
    }

    void PressIf(bool pressed)
    {
        if (pressed && !queue.TryRequest(Trigger.Button, out _))
            log.PressLeftOut(CaptureQueue.Capacity);
    }
}
