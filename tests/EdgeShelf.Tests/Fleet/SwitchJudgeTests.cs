using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Fleet;

public sealed class SwitchJudgeTests
{
    static readonly FleetOptions Options = new();
    static readonly ModelCounts Good = new(1000, 0, 1000, 100, 20, 1000, 40_000);

    static SwitchMemory Watch(ModelCounts after, ModelCounts? before = null, double minutes = 10) => new(
        new Change(new WishId("device", "a"), "old", "new", null, new Dictionary<string, string>()), "onnx", before ?? Good, after, TimeSpan.FromMinutes(minutes));

    static IReadOnlyList<FleetProblem> Problems(SwitchMemory watch) => SwitchJudge.ProblemsOf(watch, Options);

    [Fact]
    public void AModelThatDoesAsBeforeStays()
    {
        Assert.Empty(Problems(Watch(new ModelCounts(40, 0, 40, 5, 1, 40, 1700))));
        Assert.True(SwitchJudge.IsOver(Watch(new ModelCounts(60, 0, 60, 7, 1, 60, 2400), minutes: 60), Options));
        Assert.False(SwitchJudge.IsOver(Watch(new ModelCounts(60, 0, 60, 7, 1, 60, 2400), minutes: 59), Options));
    }

    [Fact]
    public void EachFigureThatIsWorseIsToldWithBothValues()
    {
        IReadOnlyList<FleetProblem> problems = Problems(Watch(new ModelCounts(40, 4, 36, 20, 15, 36, 3600)));
        Assert.Equal(4, problems.Count);
        Assert.All(problems, problem => Assert.Equal(FleetProblem.WorseInUse, problem.Code));
        Assert.Contains("from 10 % to 56 %", problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("from 2 % to 42 %", problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("from 0 % to 10 %", problems[2].Message, StringComparison.Ordinal);
        Assert.Contains("100 ms instead of 40 ms", problems[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFewPicturesDecideOnlyAtTheEnd()
    {
        ModelCounts bad = new(SwitchJudge.MinPicturesEarly - 1, 0, 29, 29, 0, 29, 1000);
        Assert.Empty(Problems(Watch(bad, minutes: 59)));
        Assert.NotEmpty(Problems(Watch(bad, minutes: 60)));
    }

    [Fact]
    public void WithoutPicturesTheComparisonGoesOnForADay()
    {
        Assert.False(SwitchJudge.IsOver(Watch(default, minutes: 120), Options));
        Assert.True(SwitchJudge.IsOver(Watch(default, minutes: 60 * 24), Options));
        Assert.Empty(Problems(Watch(default, minutes: 60 * 24)));
    }

    [Fact]
    public void AFirstModelIsJudgedByItsFailuresAlone()
    {
        Assert.Empty(Problems(Watch(new ModelCounts(40, 0, 40, 40, 40, 40, 40_000), default(ModelCounts))));
        Assert.Single(Problems(Watch(new ModelCounts(40, 10, 30, 0, 0, 30, 1000), default(ModelCounts))));
    }

    [Fact]
    public void TheHoursOfAModelSurviveARestartAndADayLaterTheyAreForgotten()
    {
        using TemporaryFolder folder = new();
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 27, 12, 30, 0, TimeSpan.Zero));
        ShelfStatus status = new(clock);
        using (ModelHours hours = new(folder.File("fleet"), status, () => SomeResult.Model, clock))
        {
            hours.Open();
            for (int seq = 1; seq <= 3; seq++)
            {
                status.PictureTaken();
                status.ResultCommitted(new CommittedResult($"shelf-07-{seq}", "shelf-07", seq, "", clock.GetUtcNow(), true, Trigger.Timer, SomeResult.Of(), clock.GetTimestamp(), Guid.Empty));
            }
            status.CaptureFailed(DevicePart.Model, "model-failed", "The network failed.");
            status.CaptureFailed(DevicePart.Camera, "camera-timeout", "No picture came.");
        }
        using ModelHours again = new(folder.File("fleet"), status, () => SomeResult.Model, clock);
        again.Open();
        Assert.Equal(new ModelCounts(4, 1, 3, 0, 0, 3, 114), again.LastDayOf(SomeResult.Model.Sha256));
        Assert.Equal(default, again.LastDayOf("another"));
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(default, again.LastDayOf(SomeResult.Model.Sha256));
    }

    [Fact]
    public void ASlotThatIsUnknownOrForReviewCountsAsOneAnswer()
    {
        ShelfResult bay = SomeResult.OfSlots();
        SlotResult slot = bay.Slots[0];
        ModelCounts counts = ModelHours.Of(bay with { Slots = [slot, slot with { Cached = false, Verdict = Verdict.Unknown }, slot with { Cached = false, NeedsReview = true, ReviewReason = "unknown-product", Verdict = null }] });
        Assert.Equal(new ModelCounts(1, 0, 3, 1, 2, 2, 38), counts);
        Assert.Equal(0, ModelHours.Of(bay with { Cached = true }).Timed);
    }
}
