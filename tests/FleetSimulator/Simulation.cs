using System.Globalization;
using EdgeShelf.Publish;

namespace FleetSimulator;

/// <summary>Runs all devices of a plan, and tells what happened.</summary>
/// <param name="options">Makes the options of a device with this name.</param>
sealed class Simulation(SimulationPlan plan, Func<string, PublishOptions> options, TimeProvider clock, TextWriter output)
{
    static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>The devices per second that are started, so that a broker's queue of new connections does not overflow.</summary>
    const int StartsPerSecond = 200;

    readonly Totals _totals = new();

    /// <param name="report">A CSV file with the number of messages of each device, or null.</param>
    /// <returns>Whether the broker confirmed every message.</returns>
    public async Task<bool> RunAsync(string? report, CancellationToken cancellationToken)
    {
        SimulatedDevice[] devices = [.. Enumerable.Range(0, plan.Devices).Select(index => new SimulatedDevice(plan, index, options(plan.NameOf(index)), clock, _totals))];
        using CancellationTokenSource pictures = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource connections = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> senders = [];
        List<Task> cameras = [DarkenAsync(devices, pictures.Token)];
        foreach ((int index, SimulatedDevice device) in devices.Index())
        {
            senders.Add(Task.Run(() => device.SendAsync(connections.Token), CancellationToken.None));
            cameras.Add(Task.Run(() => device.TakePicturesAsync(pictures.Token), CancellationToken.None));
            cameras.Add(Task.Run(() => device.SufferAsync(pictures.Token), CancellationToken.None));
            if (index % StartsPerSecond == StartsPerSecond - 1)
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        }
        await TellUntilAsync(plan.Duration, () => false, cancellationToken);
        await pictures.CancelAsync();
        await Task.WhenAll(cameras).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        output.WriteLine("no more pictures; the outboxes are emptied");
        bool isEmpty = await TellUntilAsync(plan.Drain, () => _totals.Waiting == 0, cancellationToken);
        await connections.CancelAsync();
        await Task.WhenAll(senders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (report is not null)
            await File.WriteAllLinesAsync(report, devices.Select(device => $"{device.Name},{device.Messages}").Prepend("device,messages"), cancellationToken);
        Tell();
        return isEmpty;
    }

    async Task<bool> TellUntilAsync(TimeSpan limit, Func<bool> isDone, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        while (!isDone())
        {
            TimeSpan left = limit - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return false;
            await Task.Delay(left < TellEvery ? left : TellEvery, clock, cancellationToken);
            Tell();
        }
        return true;
    }

    /// <summary>In the middle of the run some stores lose their network at once.</summary>
    async Task DarkenAsync(SimulatedDevice[] devices, CancellationToken cancellationToken)
    {
        if (plan.DarkStores == 0)
            return;
        await Task.Delay(plan.Duration / 2, clock, cancellationToken);
        foreach ((_, SimulatedDevice device) in devices.Index().Where(entry => plan.StoreOf(entry.Index) < plan.DarkStores))
            device.GoAway(plan.DarkFor);
    }

    void Tell() => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{clock.GetUtcNow():HH:mm:ss} online {_totals.Online}, made {_totals.Made}, confirmed {_totals.Confirmed}, waiting {_totals.Waiting}, sent again {_totals.SentAgain}, connections {_totals.Connections}, faults {_totals.Faults}"));
}
