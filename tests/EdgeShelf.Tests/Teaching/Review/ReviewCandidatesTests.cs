using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching.Review;

public sealed class ReviewCandidatesTests
{
    static readonly DateTimeOffset At = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    static readonly ExpectedProduct Jam = new("jam", "Jam", null);

    [Theory]
    [InlineData(nameof(Verdict.Unknown), null, ReviewRule.UnknownProduct, null)]
    [InlineData(nameof(Verdict.Match), "jam", ReviewRule.CloseCall, "jam")]
    public void AReviewReasonIsAsked(string verdict, string? seen, string reason, string? says)
    {
        ReviewCandidate asked = Assert.Single(Ask(Enum.Parse<Verdict>(verdict), seen, reason));

        Assert.Equal(("shelf-07-41", "1-01", reason, says, "jam"), (asked.Result, asked.Slot, asked.Reason, asked.Label, asked.Expected));
        Assert.Equal(says is null ? null : 0.42, asked.Confidence);
    }

    [Theory]
    [InlineData(nameof(Verdict.Match), null)]
    [InlineData(nameof(Verdict.Empty), null)]
    [InlineData(nameof(Verdict.Mismatch), null)]
    [InlineData(nameof(Verdict.Covered), ReviewRule.CloseCall)]
    [InlineData(nameof(Verdict.Unchecked), ReviewRule.UnusableImage)]
    public void WhatIsSureCoveredOrUnseenAsksNothing(string verdict, string? reason) => Assert.Empty(Ask(Enum.Parse<Verdict>(verdict), "jam", reason));

    [Fact]
    public void AWrongProductIsAskedOnceWhenItIsConfirmed()
    {
        SlotChange change = new("1-01", Verdict.Match, Verdict.Mismatch, Jam, "tea", At, null);

        ReviewCandidate asked = Assert.Single(Ask(Verdict.Mismatch, "tea", null, change));

        Assert.Equal((ReviewReasons.Changed, "tea", 0.71), (asked.Reason, asked.Label, asked.Confidence!.Value));
        Assert.Empty(Ask(Verdict.Match, "jam", null, change with { From = Verdict.Empty, To = Verdict.Match }));
        Assert.Empty(Ask(Verdict.Mismatch, "tea", null, change with { Slot = "1-02" }));
    }

    [Fact]
    public void APictureThatCannotBeJudgedAsksNothing()
    {
        (CommittedResult committed, BayLook look) = Look(Verdict.Unknown, null, ReviewRule.UnknownProduct);
        Assert.Empty(ReviewCandidates.Of(committed, look with { View = BayView.CameraMoved }, []));
        Assert.Empty(ReviewCandidates.Of(committed, look with { Slots = [look.Slots[0] with { Descriptor = null }] }, []));
    }

    [Theory]
    [InlineData(ReviewRule.LowConfidence, "Granny-Smith")]
    [InlineData(ReviewRule.CloseCall, "Granny-Smith")]
    [InlineData(ReviewRule.UnknownProduct, null)]
    public void AWholePictureIsAskedWithTheDescriptorOfItsOwnLook(string reason, string? says)
    {
        CommittedResult committed = Committed(Whole(reason));
        SeenPicture seen = new(committed.Result.Image.Sha256, "model-1", [1, 2]);

        ReviewCandidate asked = ReviewCandidates.Of(committed, seen)!;

        Assert.Equal((ReviewCandidates.WholePicture, says, "model-1"), (asked.Slot, asked.Label, asked.Model));
        Assert.Null(ReviewCandidates.Of(committed, seen with { Sha256 = "another picture" })!.Descriptor);
    }

    [Fact]
    public void AWholePictureThatIsSureTheSameOrUnusableAsksNothing()
    {
        Assert.Null(ReviewCandidates.Of(Committed(Whole(null)), null));
        Assert.Null(ReviewCandidates.Of(Committed(Whole(ReviewRule.UnusableImage)), null));
        Assert.Null(ReviewCandidates.Of(Committed(Whole(ReviewRule.LowConfidence) with { Cached = true }), null));
    }

    static ShelfResult Whole(string? reason) => SomeResult.Of() with { Slots = [SomeResult.Of().Slots[0] with { NeedsReview = reason is not null, ReviewReason = reason }] };

    static CommittedResult Committed(ShelfResult result) => new("shelf-07-41", "shelf-07", 41, "boot", At, true, Trigger.Timer, result, 0, Guid.Empty);

    static IEnumerable<ReviewCandidate> Ask(Verdict verdict, string? seen, string? reason, params SlotChange[] changes)
    {
        (CommittedResult committed, BayLook look) = Look(verdict, seen, reason);
        return ReviewCandidates.Of(committed, look, changes);
    }

    static (CommittedResult, BayLook) Look(Verdict verdict, string? seen, string? reason)
    {
        Region region = new(0, 0, 0.5, 0.5);
        SlotJudgement judgement = new(
            verdict == Verdict.Covered ? Verdict.Match : verdict, seen, JudgementReason.NothingPasses, 0.42, new LabelLikeness("tea", 0.71), null,
            [new LabelLikeness("tea", 0.71), new LabelLikeness("jam", 0.42)], new LikenessThresholds(0.35, 0.05, 0.25));
        SlotLook slot = new(new Slot("1-01", 1, region), region, Jam, [1, 2, 3], judgement, [], false);
        BayLook look = new(new Frame(new byte[1], "folder", null, At, TimeSpan.Zero), At, BayView.Clear, default, 0, 0, null, [slot], 1) { Model = "model-1" };
        ShelfResult result = SomeResult.Of() with { Slots = [new SlotResult("1-01", [], reason is not null, reason) { Verdict = verdict, Expected = Jam, Region = region }] };
        return (Committed(result), look);
    }
}
