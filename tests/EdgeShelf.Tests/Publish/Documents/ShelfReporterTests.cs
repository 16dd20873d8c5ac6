using System.Text.Json;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Publish.Documents;

public sealed class ShelfReporterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new(SomeBay.Since);
    readonly BayStatus _bay;
    ShelfReporter _reporter;

    public ShelfReporterTests()
    {
        _bay = new BayStatus(_clock);
        _reporter = AfterARestart();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ADeviceThatNeverHadSlotsPublishesNothing()
    {
        _bay.Set(SomeBay.None, []);
        Assert.Null(Next());

        _reporter.Connected();
        Assert.Null(Next());
        Assert.Equal(TimeSpan.MaxValue, _reporter.TimeToNext);
    }

    [Fact]
    public void LooksEveryThreeSecondsWithNothingNewPublishNothingAndAChangePublishesAtOnce()
    {
        BayState bay = SomeBay.Of(3);
        _bay.Set(bay, []);
        Assert.NotNull(Next());
        for (int look = 0; look < 100; look++)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            _bay.Set(bay.LookedAt(_clock.GetUtcNow()), []);
            Assert.Null(Next());
        }

        _clock.Advance(TimeSpan.FromSeconds(3));
        _bay.Set(SomeBay.Of(3, ("1-02", Verdict.Empty)).LookedAt(_clock.GetUtcNow()), []);

        JsonElement told = Assert.NotNull(Next());
        Assert.Equal("empty", told.GetProperty("slots")[1].GetProperty("verdict").GetString());
        Assert.Equal(UtcJsonConverter.Text(_clock.GetUtcNow()), told.GetProperty("last_look_at").GetString());
    }

    [Fact]
    public void AfterTenMinutesTheTimesOfLookingArePublishedOnceMore()
    {
        BayState bay = SomeBay.Of(3);
        _bay.Set(bay, []);
        Assert.NotNull(Next());
        int published = 0;
        for (int look = 0; look < 63; look++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            _bay.Set(bay.LookedAt(_clock.GetUtcNow()), []);
            published += Next() is null ? 0 : 1;
        }

        Assert.Equal(2, published);
    }

    [Fact]
    public void ChangesWithinASecondArePublishedTogether()
    {
        _bay.Set(SomeBay.Of(3), []);
        Assert.NotNull(Next());
        _bay.Set(SomeBay.Of(3, ("1-02", Verdict.Empty)), []);
        Assert.Null(Next());
        _bay.Set(SomeBay.Of(3, ("1-02", Verdict.Empty), ("1-03", Verdict.Mismatch)), []);
        Assert.InRange(_reporter.TimeToNext, TimeSpan.FromTicks(1), ShelfReporter.AtMostEvery);

        _clock.Advance(ShelfReporter.AtMostEvery);

        Assert.Equal(["match", "empty", "mismatch"], Assert.NotNull(Next()).GetProperty("slots").EnumerateArray().Select(slot => slot.GetProperty("verdict").GetString()));
        Assert.Null(Next());
    }

    [Fact]
    public void ASlotThatStaysCoveredForTenMinutesIsAChange()
    {
        BayState covered = SomeBay.Of(1).With("1-01", slot => slot with { CoveredSince = _clock.GetUtcNow() });
        _bay.Set(covered, []);
        Assert.False(CoveredLong(Next()));

        _clock.Advance(SlotState.CoveredLongAfter - TimeSpan.FromSeconds(1));
        _bay.Set(covered.LookedAt(SomeBay.Since), []);
        Assert.Null(Next());
        _clock.Advance(TimeSpan.FromSeconds(2));
        _bay.Set(covered.LookedAt(SomeBay.Since), []);

        Assert.True(CoveredLong(Next()));

        static bool CoveredLong(JsonElement? shelf) => Assert.NotNull(shelf).GetProperty("slots")[0].GetProperty("covered_long").GetBoolean();
    }

    [Fact]
    public void EachConnectionPublishesAndADocumentThatTheBrokerDidNotTakeIsDueAgain()
    {
        _bay.Set(SomeBay.Of(1), []);
        Assert.NotNull(Next());
        _reporter.Connected();
        Assert.NotNull(Next());
        _reporter.Connected();
        Assert.True(_reporter.TryTake(out _));

        _reporter.Connected();

        Assert.NotNull(Next());
    }

    [Fact]
    public void WhenTheLastSlotGoesTheDocumentIsWithdrawnOnceAlsoAfterARestart()
    {
        _bay.Set(SomeBay.Of(1), []);
        Assert.NotNull(Next());
        _clock.Advance(TimeSpan.FromMinutes(1));
        _reporter = AfterARestart();
        _bay.Set(SomeBay.None, []);

        Assert.True(_reporter.TryTake(out byte[]? withdrawal));
        Assert.Empty(withdrawal);
        _reporter.Taken();

        Assert.Null(Next());
        _bay.Set(SomeBay.None with { LastLookAt = _clock.GetUtcNow() }, []);
        Assert.Null(Next());
        _reporter = AfterARestart();
        Assert.Null(Next());
    }

    [Fact]
    public void BeforeTheSlotsAreKnownNothingIsWithdrawn()
    {
        _bay.Set(SomeBay.Of(1), []);
        Assert.NotNull(Next());
        BayStatus unknown = new(_clock);
        _reporter = new ShelfReporter(new PublishOptions { Device = "shelf-07", Folder = _folder.Path }, unknown, _clock, () => true);
        Assert.False(_reporter.TryTake(out _));

        unknown.Restore(_bay.Now);

        Assert.NotNull(Next());
    }

    ShelfReporter AfterARestart() => new(new PublishOptions { Device = "shelf-07", Folder = _folder.Path }, _bay, _clock, () => true);

    /// <summary>What is published now, and taken by the broker.</summary>
    JsonElement? Next()
    {
        if (_reporter.TimeToNext > TimeSpan.Zero || !_reporter.TryTake(out byte[]? payload))
            return null;
        _reporter.Taken();
        Schemas.AssertValid("shelf", System.Text.Encoding.UTF8.GetString(payload));
        return JsonDocument.Parse(payload).RootElement;
    }
}
