using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition;

public sealed class ShelfClassifierTests
{
    /// <summary>A stop that does not wait for the picture in work took the network away from it, and the process crashed.</summary>
    [Fact]
    public async Task DisposedOfWhileItWorksItBreaksOffAndSaysSo()
    {
        Frame frame = new(PicturesOf.Scene(), "folder", null, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
        for (int round = 0; round < 10; round++)
        {
            using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));
            ShelfClassifier classifier = new(models);
            TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task working = Task.Run(
                () =>
                {
                    while (true)
                    {
                        classifier.Classify(frame);
                        first.TrySetResult();
                    }
                },
                TestContext.Current.CancellationToken);
            await first.Task;
            // At another moment of the work in each round.
            await Task.Delay(TimeSpan.FromMilliseconds(round * 4), TimeProvider.System, TestContext.Current.CancellationToken);

            models.Dispose();

            await Assert.ThrowsAsync<ObjectDisposedException>(() => working);
        }
    }

    /// <summary>Decoding takes about as long as the network, so uploads of several clients gain much from doing both at once.</summary>
    [Fact]
    public async Task APictureIsDecodedWhileTheNetworkIsBusyWithAnother()
    {
        byte[] scene = PicturesOf.Scene();
        Frame whole = new(scene, "http", null, TimeProvider.System.GetUtcNow(), TimeSpan.Zero), damaged = whole with { Bytes = scene.AsMemory(0, scene.Length / 2) };
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));
        PriorityGate network = new();
        ShelfClassifier classifier = new(models, gate: network);
        Task<BatchResult> waits;
        using (network.Enter())
        {
            BatchResult refused = await classifier.ClassifyBatchAsync([damaged], TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.NotNull(Assert.Single(refused.Problems));
            waits = classifier.ClassifyBatchAsync([whole], TestContext.Current.CancellationToken);
            Assert.False(waits.IsCompleted);
        }

        Assert.NotNull(Assert.Single((await waits.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Results));
    }
}
