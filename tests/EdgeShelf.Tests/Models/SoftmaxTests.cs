using EdgeShelf.Models;

namespace EdgeShelf.Tests.Models;

public sealed class SoftmaxTests
{
    [Fact]
    public void ProbabilitiesAddUpToOneEvenForHugeLogits()
    {
        double[] probabilities = Softmax.Probabilities([1000f, 999f, -1000f], 1);
        Assert.Equal(1, probabilities.Sum(), 12);
        Assert.Equal(1 / (1 + Math.Exp(-1)), probabilities[0], 6);
    }

    [Fact]
    public void AHigherTemperatureIsLessSureOfTheSameAnswer()
    {
        double[] sure = Softmax.Probabilities([3f, 1f, 0f], 1);
        double[] unsure = Softmax.Probabilities([3f, 1f, 0f], 2);
        Assert.True(sure[0] > unsure[0]);
        Assert.Equal(Softmax.TopK(sure, 3), Softmax.TopK(unsure, 3));
    }

    [Fact]
    public void TopKIsLargestFirstAndOfEqualsTheFirst() => Assert.Equal([3, 1, 2], Softmax.TopK([0.1, 0.2, 0.2, 0.4], 3));

    [Fact]
    public void FewerClassesThanKGiveAllOfThem() => Assert.Equal([1, 0], Softmax.TopK([0.4, 0.6], 3));
}
