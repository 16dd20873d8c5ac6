using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition.Likeness;

public sealed class SlotJudgeTests
{
    static readonly LikenessThresholds Thresholds = new(0.40, 0.05, 0.30);
    static readonly ModelOpinion NoOpinion = new(false, null);

    // Five directions of a small space of descriptors. The base mean is even, so that no direction is preferred.
    static readonly float[] Cola = [4, 1, 1, 1, 1], Tea = [1, 4, 1, 1, 1], Bare = [1, 1, 4, 1, 1], Stranger = [1, 1, 1, 4, 1];
    static readonly float[] Base = [1.6f, 1.6f, 1.6f, 1.6f, 1.6f];

    [Theory]
    [InlineData("cola", "match", "cola")]
    [InlineData("tea", "mismatch", "cola")]
    [InlineData(null, "unchecked", "cola")]
    [InlineData("coffee", "unchecked", "cola")]
    public void AKnownProductIsComparedWithWhatBelongsThere(string? expected, string verdict, string seen)
    {
        SlotJudgement judgement = Judge(Cola, expected);

        Assert.Equal((verdict, seen), (VerdictNames.Of(judgement.Verdict), judgement.Seen));
    }

    [Fact]
    public void APlaceWithoutGoodsIsEmptyWhateverIsExpected()
    {
        Assert.Equal(Verdict.Empty, Judge(Bare, "cola").Verdict);
        Assert.Equal(Verdict.Empty, Judge(Bare, "coffee").Verdict);
        Assert.Equal((Verdict.Unchecked, "empty"), (Judge(Bare, null).Verdict, Judge(Bare, null).Seen));
    }

    [Fact]
    public void WhatIsLikeNothingIsUnknown()
    {
        SlotJudgement judgement = Judge(Stranger, "cola");

        Assert.Equal((Verdict.Unknown, null, JudgementReason.NothingPasses), (judgement.Verdict, judgement.Seen, judgement.Reason));
    }

    [Fact]
    public void AnotherProductThatIsClearlyMoreLikeBeatsTheExpectedOne()
    {
        float[] between = [3.55f, 3.8f, 1, 1, 1];

        Assert.True(Judge(between, "cola").Expected >= Thresholds.MinLikeness);
        Assert.Equal((Verdict.Mismatch, JudgementReason.OtherIsMoreLike), (Judge(between, "cola").Verdict, Judge(between, "cola").Reason));
        Assert.Equal(Verdict.Match, Judge(between, "tea").Verdict);
    }

    [Theory]
    [InlineData("apple", "match")]
    [InlineData("pear", "mismatch")]
    [InlineData(null, "unknown")]
    public void AProductThatOnlyTheModelKnowsIsJudgedByTheModel(string? best, string verdict)
    {
        SlotJudgement judgement = SlotJudge.Judge(Index(), Stranger, "apple", new ModelOpinion(true, best), Thresholds);

        Assert.Equal(verdict, VerdictNames.Of(judgement.Verdict));
    }

    /// <summary>Both pass: cola is more like, and a head that was taught from the examples says tea.</summary>
    [Theory]
    [InlineData(null, "unchecked", "tea")]
    [InlineData("coffee", "unchecked", "tea")]
    [InlineData("apple", "mismatch", "tea")]
    [InlineData("cola", "match", "cola")]
    [InlineData("tea", "mismatch", "cola")]
    public void ATrainedHeadNamesWhatPassesAndLikenessKeepsTheVerdict(string? expected, string verdict, string seen)
    {
        string[] labels = ["apple", "cola", "empty", "tea"];
        float[] likeness = [0.1f, 0.8f, 0, 0.6f];
        // What does not pass is not named, however high its score.
        ModelOpinion opinion = new() { TaughtScores = new Dictionary<string, float> { ["apple"] = 9, ["cola"] = 1, ["tea"] = 5 } };

        SlotJudgement judgement = SlotJudge.Judge(labels, likeness, expected, opinion, Thresholds);

        Assert.Equal((verdict, seen), (VerdictNames.Of(judgement.Verdict), judgement.Seen));
        Assert.Equal(SlotJudge.Judge(labels, likeness, expected, NoOpinion, Thresholds).Verdict, judgement.Verdict);
    }

    [Fact]
    public void AProductThatTheHeadWasNotTaughtIsNamedByItsLikeness()
    {
        ModelOpinion opinion = new() { TaughtScores = new Dictionary<string, float> { ["tea"] = 5, ["apple"] = 1 } };

        SlotJudgement judgement = SlotJudge.Judge(["apple", "cola", "tea"], [0.5f, 0.8f, 0.6f], null, opinion, Thresholds);

        Assert.Equal("cola", judgement.Seen);
    }

    [Fact]
    public void AnEmptyPlaceThatOnlyTheModelKnowsIsEmpty()
    {
        SlotJudgement judgement = SlotJudge.Judge(Index(), Stranger, "apple", new ModelOpinion(true, "empty"), Thresholds);

        Assert.Equal((Verdict.Empty, "empty"), (judgement.Verdict, judgement.Seen));
    }

    [Fact]
    public void WithoutExamplesNothingIsClaimed()
    {
        SlotJudgement judgement = SlotJudge.Judge(new LikenessIndex([], Base), Cola, "cola", NoOpinion, Thresholds);

        Assert.Equal((Verdict.Unchecked, JudgementReason.NotTaught), (judgement.Verdict, judgement.Reason));
    }

    [Fact]
    public void WhereOnlyEmptyPlacesWereTaughtNothingIsCalledEmpty()
    {
        LikenessIndex index = new([Taught(1, "empty", Bare)], Base);

        Assert.Equal(Verdict.Unchecked, SlotJudge.Judge(index, Bare, "cola", NoOpinion, Thresholds).Verdict);
        Assert.Equal(Verdict.Unchecked, SlotJudge.Judge(index, Cola, "cola", NoOpinion, Thresholds).Verdict);
    }

    [Fact]
    public void OneTaughtProductAloneIsTakenAndAStrangerIsNot()
    {
        LikenessIndex index = new([Taught(1, "cola", Cola)], Base);

        Assert.Equal(Verdict.Match, SlotJudge.Judge(index, Cola, "cola", NoOpinion, Thresholds).Verdict);
        Assert.Equal(Verdict.Unknown, SlotJudge.Judge(index, Stranger, "cola", NoOpinion, Thresholds).Verdict);
    }

    [Fact]
    public void ADescriptorThatIsTheCentreIsLikeNothing()
    {
        LikenessIndex index = new([], Base);

        Assert.Empty(index.LikenessOf(Base));
        Assert.All(new LikenessIndex([Taught(1, "cola", Base)], Base).LikenessOf(Base), likeness => Assert.Equal(0, likeness));
    }

    static SlotJudgement Judge(float[] descriptor, string? expected) => SlotJudge.Judge(Index(), descriptor, expected, NoOpinion, Thresholds);

    static LikenessIndex Index() => new([Taught(1, "cola", Cola), Taught(2, "tea", Tea), Taught(3, "empty", Bare)], Base);

    static Example Taught(long id, string label, float[] descriptor) => new(id, label, null, CompactDescriptor.Of(descriptor));
}
