using EdgeShelf.Models;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>`prototypes.bin`, and the likeness below which a product is unknown.</summary>
public sealed class PrototypesTests
{
    static readonly float[][] Examples = [[3, 4, 0], [0, 0, 2]];

    [Fact]
    public void LikenessIsTheCosineToTheNearestExampleAndSurvivesTheFile()
    {
        Prototypes prototypes = Prototypes.Parse(Prototypes.Of(Examples, [4, 1]).ToBytes(), "prototypes.bin");

        Assert.Equal([4, 1], prototypes.Classes);
        Assert.Equal([3, 4, 0], prototypes.Example(0));
        Assert.Equal(1, prototypes.Likeness([30, 40, 0]), 0.001);
        Assert.Equal(0.8, prototypes.Likeness([0, 1, 0]), 0.001);
        Assert.Equal(0, prototypes.Likeness([0, 0, 0]), 0.001);
    }

    [Fact]
    public void OfManyPicturesAnEvenSpreadOverEachClassIsKept()
    {
        IReadOnlyList<int> kept = LikenessTable.Choose([.. Enumerable.Repeat(0, 100), .. Enumerable.Repeat(1, 5)]);

        Assert.Equal(37, kept.Count);
        Assert.Contains(0, kept);
        Assert.Contains(kept, index => index is > 90 and < 100);
        Assert.True(LikenessTable.Choose([.. Enumerable.Range(0, 50_000).Select(index => index % 1000)]).Count <= 2048);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(20)]
    public void ADamagedFileIsRefused(int length)
    {
        byte[] bytes = Prototypes.Of(Examples, [0, 1]).ToBytes()[..length];

        Assert.Contains("prototypes.bin", Assert.Throws<ConfigurationException>(() => Prototypes.Parse(bytes, "prototypes.bin")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheThresholdLiesBelowNearlyAllOfTheOwnAndAboveTheForeignWhereThereIsRoom()
    {
        double[] own = [.. Enumerable.Range(0, 101).Select(index => 0.8 + (index * 0.002))];

        Assert.Equal(0.605, UnknownFit.Find(own, [0.1, 0.4, 0.4, 0.4]).MinLikeness, 0.001);
        Assert.Equal(0.81, UnknownFit.Find(own, [0.95, 0.95]).MinLikeness, 0.001);
    }
}
