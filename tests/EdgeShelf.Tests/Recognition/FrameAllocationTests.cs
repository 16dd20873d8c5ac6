using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition;

/// <summary>A frame costs managed memory for its result, but none that grows with its pixels: such arrays are collected late and fragment the heap.</summary>
public sealed class FrameAllocationTests
{
    /// <summary>The tables of a JPEG, what ONNX Runtime's wrapper makes, the network's outputs and the result take 35000 bytes.</summary>
    const int MostBytes = 40_000;

    [Theory]
    [InlineData(1280, 960)]
    [InlineData(640, 480)]
    public void AJpegLeavesNoPixelsOnTheHeap(int width, int height)
    {
        byte[] jpeg = PicturesOf.Scene(width, height);

        AssertFewBytes(() => new Frame(jpeg, "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero));
    }

    [Fact]
    public void RawPixelsOfACameraLeaveNoneEither()
    {
        RawLayout layout = new(RawPixels.Yuyv, 1280, 960, 2560);
        byte[] pixels = new byte[layout.Length];
        new Random(1).NextBytes(pixels);

        AssertFewBytes(() => new Frame(pixels, "v4l2", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero) { Layout = layout });
    }

    static void AssertFewBytes(Func<Frame> take)
    {
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));
        ShelfClassifier classifier = new(models, new ResultCache(8, 1e-9));
        Frame[] frames = [.. Enumerable.Range(0, 3).Select(_ => take())];
        classifier.Classify(frames[0]);
        classifier.Classify(frames[1] with { IsFrozen = true });

        long before = GC.GetAllocatedBytesForCurrentThread();
        // A frozen frame is classified again, although its bytes are known.
        classifier.Classify(frames[2] with { IsFrozen = true });
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes");
        // The decoder gets a copy of a JPEG that has segments which it does not need.
        Assert.InRange(allocated, 1, MostBytes + (frames[0].Layout is null ? frames[0].Bytes.Length : 0));
    }
}
