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
}
