using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition.Slots;

public sealed class BayTimelineTests
{
    static readonly DateTimeOffset Start = new(2026, 8, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly SlotPatience Patience = new(3, 6, 0.12);
    static readonly Slot Left = new("left", 1, new Region(0.1, 0.1, 0.2, 0.5));
    static readonly Slot Right = new("right", 1, new Region(0.6, 0.1, 0.2, 0.5));

    readonly BayTimeline _bay = new(Patience);
    readonly List<SlotChange> _changes = [];
    BayPlan _plan = Plan([Left, Right], "cola", "tea");
    DateTimeOffset _now = Start;

    [Fact]
    public void TheFirstVerdictsAreNoChanges()
    {
        Look(Verdict.Match, Verdict.Empty, times: 3);

        Assert.Equal([Verdict.Match, Verdict.Empty], _bay.State.Slots.Select(slot => slot.Verdict));
        Assert.Empty(_changes);
        Assert.Equal(0.5, _bay.State.Availability);
    }

    [Fact]
    public void AChangeNamesItsSlotAndWhatBelongsThere()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);

        Look(Verdict.Match, Verdict.Empty, times: 3);

        SlotChange change = Assert.Single(_changes);
        Assert.Equal(("right", Verdict.Match, Verdict.Empty, "tea"), (change.Slot, change.From, change.To, change.Expected?.Label));
    }

    [Fact]
    public void AnHourWithoutLightChangesNothingAndSaysSo()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);
        DateTimeOffset dark = _now;

        for (int minute = 0; minute < 60; minute++)
        {
            Unseen(BayView.Unusable);
            _now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal((BayView.Unusable, dark), (_bay.State.View, _bay.State.ViewSince));
        Assert.All(_bay.State.Slots, slot => Assert.Equal(Verdict.Match, slot.Verdict));
        Assert.All(_bay.State.Slots, slot => Assert.True(slot.LastSeenAt < dark));
        Look(Verdict.Match, Verdict.Match);
        Assert.Equal(BayView.Clear, _bay.State.View);
        Assert.Empty(_changes);
    }

    [Fact]
    public void WhatChangedInTheDarkIsConfirmedInTheLight()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);
        Unseen(BayView.Unusable, times: 30);

        Look(Verdict.Empty, Verdict.Match, times: 3);

        Assert.Equal("left", Assert.Single(_changes).Slot);
    }

    [Fact]
    public void TheCameraCountsAsMovedAtTheThirdLookAndThenNoVerdictChanges()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);

        Unseen(BayView.CameraMoved, times: 2);
        Assert.Equal(BayView.Clear, _bay.State.View);
        Assert.True(_bay.IsPending);
        Unseen(BayView.CameraMoved);

        Assert.Equal(BayView.CameraMoved, _bay.State.View);
        Assert.False(_bay.IsPending);
        Assert.All(_bay.State.Slots, slot => Assert.Equal(Verdict.Match, slot.Verdict));
    }

    [Fact]
    public void APictureThatCannotBeComparedNeitherMovesNorSettlesTheCamera()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);
        Unseen(BayView.CameraMoved, times: 2);
        Unseen(BayView.Unusable, times: 5);
        Assert.NotEqual(BayView.CameraMoved, _bay.State.View);

        Unseen(BayView.CameraMoved);
        Assert.Equal(BayView.CameraMoved, _bay.State.View);
        Unseen(BayView.Unusable);
        Assert.Equal(BayView.CameraMoved, _bay.State.View);

        Look(Verdict.Match, Verdict.Match, times: 2);
        Assert.Equal(BayView.Clear, _bay.State.View);
    }

    [Fact]
    public void ASlotThatExpectsAnotherProductStartsAnewAndTheOthersStay()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);

        _plan = Plan([Left, Right], "cola", "coffee");
        Look(Verdict.Match, Verdict.Mismatch);

        Assert.Equal([Verdict.Match, Verdict.Unchecked], _bay.State.Slots.Select(slot => slot.Verdict));
        Look(Verdict.Match, Verdict.Mismatch, times: 2);
        Assert.Equal([Verdict.Match, Verdict.Mismatch], _bay.State.Slots.Select(slot => slot.Verdict));
        Assert.Empty(_changes);
    }

    [Fact]
    public void WhileExamplesAreMadeAnewVerdictsStay()
    {
        Look(Verdict.Match, Verdict.Match, times: 3);
        BayPlan complete = _plan;

        _plan = complete with { Examples = new ExampleSet(1, []) { IsComplete = false } };
        Look(Verdict.Unchecked, Verdict.Unchecked, times: 10);
        _plan = complete;
        Look(Verdict.Match, Verdict.Match);

        Assert.All(_bay.State.Slots, slot => Assert.Equal(Verdict.Match, slot.Verdict));
        Assert.Empty(_changes);
    }

    [Fact]
    public void AfterARestartVerdictsThatStillHoldAreNotReportedAgain()
    {
        Look(Verdict.Match, Verdict.Empty, times: 3);
        BayTimeline next = new(Patience);

        next.Restore(_bay.State, _plan);
        BayStep step = next.Take(Seen(Verdict.Match, Verdict.Empty), _plan);

        Assert.Empty(step.Changes);
        Assert.Equal(_bay.State.Slots.Select(slot => (slot.Verdict, slot.Since)), step.State.Slots.Select(slot => (slot.Verdict, slot.Since)));
    }

    static BayPlan Plan(IReadOnlyList<Slot> slots, params string[] labels) => new(
        new SlotMap(1, slots, null),
        new Planogram("bay", "1", null, [.. labels.Select(label => new Product(label, null, null, null))], [.. slots.Zip(labels, (slot, label) => new Position(slot.Name, 1, 1, label, 1))]),
        new ExampleSet(0, []));

    void Look(Verdict left, Verdict right, int times = 1)
    {
        for (int time = 0; time < times; time++)
            Take(Seen(left, right));
    }

    void Unseen(BayView view, int times = 1)
    {
        for (int time = 0; time < times; time++)
            Take(Of(view, [.. _plan.Slots.Slots.Select(slot => new SlotLook(slot, slot.Region, _plan.Planogram?.ExpectedIn(slot.Name), null, null, [], false))]));
    }

    void Take(BayLook look)
    {
        _changes.AddRange(_bay.Take(look, _plan).Changes);
        _now += TimeSpan.FromSeconds(3);
    }

    BayLook Seen(params Verdict[] verdicts) => Of(BayView.Clear, [.. _plan.Slots.Slots.Zip(verdicts, Seen)]);

    SlotLook Seen(Slot slot, Verdict verdict)
    {
        ExpectedProduct? expected = _plan.Planogram?.ExpectedIn(slot.Name);
        float[] descriptor = verdict == Verdict.Match ? [1, 0, 0] : verdict == Verdict.Empty ? [0, 1, 0] : [0, 0, 1];
        SlotJudgement judgement = new(verdict, verdict == Verdict.Match ? expected?.Label : null, JudgementReason.ExpectedPasses, null, null, null, [], new LikenessThresholds(0.4, 0.05, 0.3));
        return new SlotLook(slot, slot.Region, expected, descriptor, judgement, [], false);
    }

    BayLook Of(BayView view, IReadOnlyList<SlotLook> slots) =>
        new(new Frame(ReadOnlyMemory<byte>.Empty, "test", null, _now, TimeSpan.Zero), _now, view, PictureFlaw.None, 0, 0, null, slots, slots.Count);
}
