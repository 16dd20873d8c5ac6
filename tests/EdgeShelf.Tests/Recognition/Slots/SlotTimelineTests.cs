using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition.Slots;

public sealed class SlotTimelineTests
{
    static readonly DateTimeOffset Start = new(2026, 8, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly SlotPatience Patience = new(Looks: 3, UnknownLooks: 6, StillWithin: 0.12);

    // Two views of a place that are still to themselves and moving to each other, and one that a hand gives: different each time.
    static readonly float[] Full = [1, 0, 0, 0];
    static readonly float[] Bare = [0, 1, 0, 0];

    readonly SlotTimeline _slot = new(Patience);
    readonly List<ConfirmedChange> _changes = [];
    DateTimeOffset _now = Start;
    int _hand;

    [Fact]
    public void ThreeLooksThatAgreeConfirmAVerdict()
    {
        Look(Verdict.Match, Full, 2);
        Assert.Equal(Verdict.Unchecked, _slot.Verdict);

        Look(Verdict.Match, Full);

        Assert.Equal(Verdict.Match, _slot.Verdict);
        Assert.Equal(Start, _slot.Since);
    }

    [Fact]
    public void ASingleOtherLookChangesNothingAndIsShownAsCovered()
    {
        Settle(Verdict.Match, Full);

        Look(Verdict.Empty, Bare);

        Assert.Equal(Verdict.Match, _slot.Verdict);
        Assert.Equal(_now - TimeSpan.FromSeconds(3), _slot.CoveredSince);
        Look(Verdict.Match, Full);
        Assert.Null(_slot.CoveredSince);
        Assert.Empty(_changes);
    }

    [Fact]
    public void AChangeIsDatedToTheFirstOfTheLooksThatAgree()
    {
        Settle(Verdict.Match, Full);
        DateTimeOffset taken = _now;

        Look(Verdict.Empty, Bare, 3);

        ConfirmedChange change = Assert.Single(_changes);
        Assert.Equal((Verdict.Match, Verdict.Empty, taken), (change.From, change.To, change.Since));
        Assert.Equal(taken - Start, change.Before);
        Assert.Null(_slot.CoveredSince);
    }

    [Fact]
    public void LooksThatAgreeButMoveDoNotCount()
    {
        Settle(Verdict.Match, Full);

        for (int look = 0; look < 20; look++)
            Look(Verdict.Empty, Hand());

        Assert.Equal(Verdict.Match, _slot.Verdict);
        Assert.Empty(_changes);
    }

    [Fact]
    public void ASlotThatIsUsuallyCalmIsHeldToLessMovement()
    {
        // A hand that holds the product in its place moves a little; how little counts as still depends on the slot.
        for (int look = 0; look < 20; look++)
            Look(Verdict.Match, [1, 0.01f * (look % 2), 0, 0]);
        _changes.Clear();
        for (int look = 0; look < 6; look++)
            Look(Verdict.Empty, [0, 1, 0.3f * (look % 2), 0]);
        Assert.Empty(_changes);

        Look(Verdict.Empty, Bare, 3);

        Assert.Equal(Verdict.Empty, Assert.Single(_changes).To);
    }

    [Fact]
    public void ASlotThatIsNeverQuiteCalmIsAllowedTheSameMovement()
    {
        for (int look = 0; look < 20; look++)
            Look(Verdict.Match, [1, 0.2f * (look % 2), 0, 0]);
        _changes.Clear();

        for (int look = 0; look < 3; look++)
            Look(Verdict.Empty, [0, 1, 0.3f * (look % 2), 0]);

        Assert.Equal(Verdict.Empty, Assert.Single(_changes).To);
    }

    [Fact]
    public void AHandThatLooksLikeSomethingElseEachTimeNeverDecides()
    {
        Settle(Verdict.Match, Full);

        foreach (Verdict verdict in (Verdict[])[Verdict.Mismatch, Verdict.Empty, Verdict.Mismatch, Verdict.Empty, Verdict.Unknown, Verdict.Empty, Verdict.Mismatch])
            Look(verdict, Hand());
        Look(Verdict.Match, Full);

        Assert.Empty(_changes);
        Assert.Equal(Verdict.Match, _slot.Verdict);
    }

    [Fact]
    public void UnknownNeedsSixLooks()
    {
        Settle(Verdict.Match, Full);

        Look(Verdict.Unknown, Bare, 5);
        Assert.Empty(_changes);
        Look(Verdict.Unknown, Bare);

        Assert.Equal(Verdict.Unknown, Assert.Single(_changes).To);
    }

    [Fact]
    public void AThingThatIsNowUnknownAndNowAnotherProductIsUnknownAfterSixLooks()
    {
        Settle(Verdict.Match, Full);

        foreach (Verdict verdict in (Verdict[])[Verdict.Mismatch, Verdict.Unknown, Verdict.Mismatch, Verdict.Unknown, Verdict.Unknown, Verdict.Mismatch])
            Look(verdict, Bare);

        Assert.Equal(Verdict.Unknown, Assert.Single(_changes).To);
    }

    [Fact]
    public void AnotherNameForAWrongProductIsNoChange()
    {
        Settle(Verdict.Mismatch, Full);

        Look(Verdict.Mismatch, Bare, 5, seen: "other");

        Assert.Empty(_changes);
        Assert.Equal("other", _slot.Seen);
    }

    [Fact]
    public void WhatDoesNotComeToRestSaysSinceWhen()
    {
        Settle(Verdict.Match, Full);
        DateTimeOffset covered = _now;

        for (int minute = 0; minute < 11; minute++)
            Look(Verdict.Mismatch, Hand(), every: TimeSpan.FromMinutes(1));

        Assert.Equal(covered, _slot.CoveredSince);
        Assert.True(_slot.LastSeenAt < covered);
        Assert.Empty(_changes);
    }

    [Fact]
    public void AfterARestartTheConfirmedVerdictStays()
    {
        _slot.Restore(new SlotState("1", null, null, null, Verdict.Empty, "empty", Start - TimeSpan.FromHours(2), Start, null));

        Look(Verdict.Empty, Bare);
        Assert.Empty(_changes);
        Look(Verdict.Match, Full, 3);

        Assert.Equal((Verdict.Empty, Verdict.Match), (_changes[0].From, _changes[0].To));
        Assert.Equal(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(3), _changes[0].Before);
    }

    void Settle(Verdict verdict, float[] view)
    {
        Look(verdict, view, Patience.UnknownLooks);
        _changes.Clear();
    }

    void Look(Verdict verdict, float[] view, int times = 1, string? seen = "seen", TimeSpan? every = null)
    {
        for (int time = 0; time < times; time++)
        {
            if (_slot.Take(verdict, seen, view, _now) is { } change)
                _changes.Add(change);
            _now += every ?? TimeSpan.FromSeconds(3);
        }
    }

    float[] Hand() => _hand++ % 2 == 0 ? [0, 0, 1, 0] : [0, 0, 0, 1];
}
