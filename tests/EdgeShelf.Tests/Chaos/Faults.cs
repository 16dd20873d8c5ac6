namespace EdgeShelf.Tests.Chaos;

/// <summary>One thing that goes wrong and is mended again.</summary>
/// <param name="EndsService">A new process stands there afterwards.</param>
sealed record Fault(string Name, Func<CancellationToken, Task> Happen, bool EndsService = false);

/// <summary>All that can go wrong, for random times.</summary>
sealed class Faults(ShelfUnderTest shelf, Random random)
{
    static readonly TimeSpan NextReceipt = TimeSpan.FromSeconds(20);

    public IReadOnlyList<Fault> All { get; } = [.. Of(shelf, random)];

    static IEnumerable<Fault> Of(ShelfUnderTest shelf, Random random)
    {
        yield return new("kill -9 of the service", async stop =>
        {
            await PauseAsync(0, 3, stop);
            shelf.Kill();
            shelf.Replace();
        }, EndsService: true);
        yield return new("kill -9 of the service before it sees a receipt", stop => KillAtReceiptAsync(afterDelivery: false, stop), EndsService: true);
        yield return new("kill -9 of the service between receipt and deletion", stop => KillAtReceiptAsync(afterDelivery: true, stop), EndsService: true);
        yield return new("stop and start of the service", async stop =>
        {
            await PauseAsync(0, 2, stop);
            shelf.Stop();
            shelf.Replace();
        }, EndsService: true);
        yield return new("kill -9 of the broker", async stop =>
        {
            shelf.Broker.Kill();
            await PauseAsync(0, 5, stop);
            shelf.Broker.Start();
        });
        yield return Between("SIGSTOP of the broker", shelf.Broker.Freeze, shelf.Broker.Thaw, 1, 10);
        yield return Between("results not allowed at the broker", () => shelf.AllowResults(false), () => shelf.AllowResults(true), 1, 3);
        yield return Between("connections cut", shelf.Link.Cut, () => { }, 0, 1);
        yield return Between("a link that loses everything", shelf.Link.Stall, shelf.Link.Flow, 1, 12);
        yield return Between("a slow link", () => shelf.Link.Delay = TimeSpan.FromMilliseconds(random.Next(20, 200)), () => shelf.Link.Delay = TimeSpan.Zero, 2, 5);
        yield return Between("the camera out", () => shelf.Camera.IsOut = true, () => shelf.Camera.IsOut = false, 1, 4);
        if (shelf.Volume is { } volume)
            yield return Between("a full disk", volume.Fill, volume.Free, 1, 5);

        Fault Between(string name, Action begin, Action end, double least, double most) => new(name, async stop =>
        {
            begin();
            await PauseAsync(least, most, stop);
            end();
        });

        async Task KillAtReceiptAsync(bool afterDelivery, CancellationToken stop)
        {
            TaskCompletionSource killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            shelf.Link.OnNextReceipt = (() =>
            {
                shelf.Kill();
                killed.TrySetResult();
            }, afterDelivery);
            await killed.Task.WaitAsync(NextReceipt, TimeProvider.System, stop);
            shelf.Replace();
        }

        Task PauseAsync(double least, double most, CancellationToken stop) =>
            Task.Delay(TimeSpan.FromSeconds(least + (most - least) * random.NextDouble()), TimeProvider.System, stop);
    }
}
