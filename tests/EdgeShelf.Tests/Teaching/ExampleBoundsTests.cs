using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching;

public sealed class ExampleBoundsTests
{
    [Fact]
    public void WithinTheBoundsNothingIsDropped() =>
        Assert.Empty(ExampleBounds.Choose([Example(1, "milk", "a", 0), Example(2, "milk", "a", 0)], new TeachingOptions { MaxPerProduct = 2 }));

    [Fact]
    public void TheMostRedundantOneIsDroppedAndOfAPairTheOlder()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 0), Example(2, "milk", "a", 40), Example(3, "milk", "a", 41), Example(4, "milk", "a", 80)];

        Assert.Equal([2], ExampleBounds.Choose(examples, new TeachingOptions { MaxPerProduct = 3 }));
        Assert.Equal([2, 3], ExampleBounds.Choose(examples, new TeachingOptions { MaxPerProduct = 2 }));
    }

    [Fact]
    public void TheLastExampleOfAPlaceIsNeverDropped()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 40), Example(2, "milk", "b", 41), Example(3, "milk", "b", 80), Example(4, "milk", "c", 40)];

        // 1, 2 and 4 are the most alike, but 1 and 4 are alone in their places.
        Assert.Equal([2], ExampleBounds.Choose(examples, new TeachingOptions { MaxPerProduct = 1 }));
    }

    [Fact]
    public void TheBoundOfAllExamplesIsKeptAcrossProducts()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 0), Example(2, "milk", "a", 20), Example(3, "juice", "b", 40), Example(4, "juice", "b", 41)];

        Assert.Equal([3], ExampleBounds.Choose(examples, new TeachingOptions { MaxExamples = 3 }));
    }

    [Fact]
    public void TheBoundInBytesIsKept()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 0, 600_000), Example(2, "milk", "a", 1, 600_000)];

        Assert.Equal([1], ExampleBounds.Choose(examples, new TeachingOptions { MaxBytes = 1 << 20 }));
    }

    [Fact]
    public void WhereEachExampleIsTheOnlyOneOfItsProductFurtherOnesAreRefused()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 0), Example(2, "juice", "a", 40), Example(3, "cream", "b", 41)];

        TeachingException problem = Assert.Throws<TeachingException>(() => ExampleBounds.Choose(examples, new TeachingOptions { MaxExamples = 2 }));

        Assert.Equal(TeachingException.Full, problem.Code);
        Assert.Contains("Teaching:MaxExamples", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesOfDifferentModelsAreNotCompared()
    {
        TaughtExample[] examples = [Example(1, "milk", "a", 0), Example(2, "milk", "a", 0) with { Model = "other" }, Example(3, "milk", "a", 60), Example(4, "milk", "a", 62)];

        Assert.Equal([3], ExampleBounds.Choose(examples, new TeachingOptions { MaxPerProduct = 3 }));
    }

    /// <param name="degrees">The direction of the descriptor, which has two values.</param>
    static TaughtExample Example(long id, string label, string slot, double degrees, int cropBytes = 100)
    {
        float[] direction = [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];
        return new TaughtExample(id, label, slot, DateTimeOffset.UnixEpoch, ExampleSources.Http, $"{id}", cropBytes, ExamplesInFolder.Model, CompactDescriptor.Of(direction));
    }
}
