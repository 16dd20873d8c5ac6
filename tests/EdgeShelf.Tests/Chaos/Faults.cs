using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

/// <summary>One thing that goes wrong and is mended again.</summary>
/// <param name="Happen">Returns how often it was seen to happen, by what the service or its other end shows; 0 when it did not.</param>
/// <param name="EndsService">A new process stands there afterwards.</param>
/// <param name="IsKept">The process remembers it for minutes: a channel that the broker does not allow is left out for ten.</param>
sealed record Fault(string Name, Func<CancellationToken, Task<long>> Happen, bool EndsService = false, bool IsKept = false)
{
    /// <summary>It would spoil what the second half of a soak measures: one process with all its channels in use.</summary>
    public bool IsForTheFirstHalf => EndsService || IsKept;
}

/// <summary>All that can go wrong, for random times.</summary>
sealed class Faults(ShelfUnderTest shelf, Random random)
{
    static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(20);

    public IReadOnlyList<Fault> All { get; } = [.. Of(shelf, random), .. SideFaults.Of(shelf, random)];

    static IEnumerable<Fault> Of(ShelfUnderTest shelf, Random random)
    {
        yield return new("kill -9 of the service", async stop =>
        {
            await PauseAsync(random, 0, 3, stop);
            shelf.Kill();
            shelf.Replace();
            return 1;
        }, EndsService: true);
        yield return new("kill -9 of the service before it sees a receipt", stop => KillAtReceiptAsync(afterDelivery: false, stop), EndsService: true);
        yield return new("kill -9 of the service between receipt and deletion", stop => KillAtReceiptAsync(afterDelivery: true, stop), EndsService: true);
        yield return new("stop and start of the service", async stop =>
        {
            await PauseAsync(random, 0, 2, stop);
            shelf.Stop();
            shelf.Replace();
            return 1;
        }, EndsService: true);
        yield return new("kill -9 of the broker", async stop =>
        {
            shelf.Broker.Kill();
            await PauseAsync(random, 0, 5, stop);
            shelf.Broker.Start();
            return 1;
        });
        yield return Between("SIGSTOP of the broker", shelf.Broker.Freeze, shelf.Broker.Thaw, 1, 10);
        yield return Between("results not allowed at the broker", () => shelf.Deny("result"), () => shelf.Deny(), 1, 3);
        yield return Between("connections cut", shelf.Link.Cut, () => { }, 0, 1);
        yield return Between("a link that loses everything", shelf.Link.Stall, shelf.Link.Flow, 1, 12);
        yield return Between("a slow link", () => shelf.Link.Delay = TimeSpan.FromMilliseconds(random.Next(20, 200)), () => shelf.Link.Delay = TimeSpan.Zero, 2, 5);
        yield return OfCamera("the camera out", CameraMood.Out, "answered 503");
        yield return OfCamera("a camera that is stuck", CameraMood.Stuck, "No result (camera-timeout)");
        yield return OfCamera("a connection reset in mid-picture", CameraMood.Resets, "in the middle of its answer");
        if (shelf.Volume is { } volume)
            yield return Between("a full disk", volume.Fill, volume.Free, 1, 5);

        Fault Between(string name, Action begin, Action end, double least, double most) => new(name, async stop =>
        {
            begin();
            await PauseAsync(random, least, most, stop);
            end();
            return 1;
        });

        // Seen when the service says so.
        Fault OfCamera(string name, CameraMood mood, string words) => new(name, async stop =>
        {
            // A failure is told when it begins: what the camera did before must be over.
            int committed = shelf.Accepted.Count;
            await Wait.TryUntilAsync(() => shelf.Accepted.Count > committed, SeenWithin);
            int before = shelf.TimesSaid(words);
            shelf.Camera.Mood = mood;
            await Wait.TryUntilAsync(() => shelf.TimesSaid(words) > before, SeenWithin);
            await PauseAsync(random, 0, 3, stop);
            shelf.Camera.Mood = CameraMood.Works;
            return shelf.TimesSaid(words) - before;
        });

        async Task<long> KillAtReceiptAsync(bool afterDelivery, CancellationToken stop)
        {
            TaskCompletionSource killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            shelf.Link.OnNextReceipt = (() =>
            {
                shelf.Kill();
                killed.TrySetResult();
            }, afterDelivery);
            await killed.Task.WaitAsync(SeenWithin, TimeProvider.System, stop);
            shelf.Replace();
            return 1;
        }
    }

    public static Task PauseAsync(Random random, double least, double most, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromSeconds(least + (most - least) * random.NextDouble()), TimeProvider.System, stop);
}
