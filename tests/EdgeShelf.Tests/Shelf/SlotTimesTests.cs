using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Shelf;

public sealed class SlotTimesTests
{
    readonly FakeTimeProvider _clock = new(SomeBay.Since);

    [Fact]
    public void TheTimeOfEachStateAddsUpOverChangesAndACoveredSlotIsInTwoStates()
    {
        SlotTimes times = new(_clock);
        times.Update(SomeBay.Of(2).Slots);
        _clock.Advance(TimeSpan.FromMinutes(10));
        times.Update(SomeBay.Of(2, ("1-02", Verdict.Empty)).With("1-01", slot => slot with { CoveredSince = _clock.GetUtcNow() }).Slots);
        _clock.Advance(TimeSpan.FromMinutes(2));
        times.Update(SomeBay.Of(2).Slots);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            [
                new SlotTime("1-01", Verdict.Match, TimeSpan.FromMinutes(13)), new SlotTime("1-01", Verdict.Covered, TimeSpan.FromMinutes(2)),
                new SlotTime("1-02", Verdict.Match, TimeSpan.FromMinutes(11)), new SlotTime("1-02", Verdict.Empty, TimeSpan.FromMinutes(2)),
            ],
            times.Now().OrderBy(time => time.Slot).ThenBy(time => time.Verdict));
    }

    [Fact]
    public void SlotsThatAreGoneAreForgotten()
    {
        SlotTimes times = new(_clock);
        times.Update(SomeBay.Of(3).Slots);
        _clock.Advance(TimeSpan.FromMinutes(1));

        times.Update(SomeBay.Of(1).Slots);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new SlotTime("1-01", Verdict.Match, TimeSpan.FromMinutes(2)), Assert.Single(times.Now()));
    }
}
