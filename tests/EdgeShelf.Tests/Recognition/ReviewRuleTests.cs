using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition;

public sealed class ReviewRuleTests
{
    static readonly ReviewThresholds Thresholds = new() { MinConfidence = 0.6, MinMargin = 0.15 };

    [Theory]
    [InlineData(0.90, 0.05, null)]
    [InlineData(0.60, 0.40, null)]
    [InlineData(0.59, 0.05, ReviewRule.LowConfidence)]
    [InlineData(0.60, 0.46, ReviewRule.CloseCall)]
    public void TheReasonFollowsFromConfidenceAndMargin(double best, double second, string? reason) =>
        Assert.Equal(reason, ReviewRule.ReasonToReview([Of(best), Of(second)], Thresholds));

    [Fact]
    public void ASingleClassHasNoCloseCall() => Assert.Null(ReviewRule.ReasonToReview([Of(1)], Thresholds));

    static Prediction Of(double confidence) => new("Kiwi", 7, confidence, null);
}
