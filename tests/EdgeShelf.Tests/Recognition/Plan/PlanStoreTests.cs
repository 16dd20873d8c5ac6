using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition.Plan;

public sealed class PlanStoreTests : IDisposable
{
    readonly PlanInFolder _plan = new();

    PlanStore Store => _plan.Store;

    public void Dispose() => _plan.Dispose();

    [Fact]
    public void BeforeAnythingIsSetThereAreNoSlotsAndNothingIsWritten()
    {
        Store.Refresh();

        Assert.True(Store.Slots.IsEmpty);
        Assert.Equal((0, null, null), (Store.Slots.Version, Store.Planogram, Store.ProblemText));
        Assert.False(Directory.Exists(_plan.Folder));
        Assert.Empty(_plan.Told);
    }

    [Fact]
    public void WhatWasSetIsThereAfterARestart()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01", "1-02"), PlanSource.Page, PlanInFolder.Picture());
        Store.SetPlanogram(PlanInFolder.Planogram("12", "1-02"), PlanSource.Request);
        SlotMap before = Store.Slots;

        _plan.Restart();

        Assert.Equal(1, Store.Slots.Version);
        Assert.Equal(before.Slots, Store.Slots.Slots);
        Assert.Equal(before.Reference, Store.Slots.Reference);
        Assert.Equal(PlanInFolder.Picture().Picture.ToArray(), Store.ReferencePicture());
        Assert.Equal("milk", Store.Planogram!.ExpectedIn("1-02")!.Label);
        Assert.Null(Store.Planogram.ExpectedIn("1-01"));
        Assert.Equal((PlanSource.Request, _plan.Clock.GetUtcNow()), (Store.PlanogramDocument!.ChangedBy, Store.PlanogramDocument.ChangedAt));
    }

    [Fact]
    public void AChangeIsToldOnceWithWhatWasBeforeAndWhoMadeIt()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Request);

        Assert.Equal(2, _plan.Told.Count);
        Assert.True(_plan.Told[0] is { SlotsChanged: true, PlanogramChanged: false, SlotsBefore.Version: 0, Slots.Version: 1, By: PlanSource.Page });
        Assert.True(_plan.Told[1] is { SlotsChanged: false, PlanogramChanged: true, PlanogramBefore: null, Planogram.Version: "12", By: PlanSource.Request });
    }

    [Fact]
    public void TheSameDocumentAgainMakesNoNewVersionAndTellsNobody()
    {
        for (int i = 0; i < 3; i++)
        {
            Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Request);
            Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Request);
        }

        Assert.Equal((1, 1), (Store.Slots.Version, Store.PlanogramDocument!.Number));
        Assert.Equal(2, _plan.Told.Count);
    }

    [Fact]
    public void ARefusedPlanogramNamesEachProblemAndTheOldOneStays()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Page);
        Planogram wrong = new("bay-4", "13", null, [new Product("cocoa", null, null, null)], [new Position("1-01", null, null, "tea", 1), new Position("9-09", null, null, "cocoa", 1)]);

        PlanProblemsException refused = Assert.Throws<PlanProblemsException>(() => Store.SetPlanogram(new PlanogramDocument(wrong), PlanSource.Page));

        Assert.Equal("bad-planogram", refused.Code);
        Assert.Equal(2, refused.Problems.Count);
        Assert.Contains(refused.Problems, problem => problem.Contains("no slot \"9-09\"", StringComparison.Ordinal));
        Assert.Contains(refused.Problems, problem => problem.Contains("nobody knows the label \"tea\" of slot 1-01", StringComparison.Ordinal));
        Assert.Equal("12", Store.Planogram!.Version);
    }

    [Fact]
    public void ALabelThatWasTaughtInTheMeantimeIsAccepted()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        PlanogramDocument tea = new(new Planogram("bay-4", "1", null, [], [new Position("1-01", null, null, "tea", 1)]));
        Assert.Throws<PlanProblemsException>(() => Store.SetPlanogram(tea, PlanSource.Page));

        _plan.Known.Add("tea");

        Assert.Equal(1, Store.SetPlanogram(tea, PlanSource.Page).Number);
    }

    [Fact]
    public void AChangeOnAnOlderVersionIsAConflict()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Store.SetSlots(PlanInFolder.Slots("1-01", "1-02"), PlanSource.Page);

        RequestRefusedException refused = Assert.Throws<RequestRefusedException>(() => Store.SetSlots(PlanInFolder.Slots("1-03") with { IfVersion = 1 }, PlanSource.Page));

        Assert.Equal("conflict", refused.Code);
        Assert.Equal(2, Store.Slots.Version);
        Assert.Equal(3, Store.SetSlots(PlanInFolder.Slots("1-03") with { IfVersion = 2 }, PlanSource.Page).Number);
    }

    [Fact]
    public void TheLastTenVersionsAreKeptAndOneOfThemCanBePutBack()
    {
        for (int i = 0; i < 13; i++)
            Store.SetSlots(PlanInFolder.Slots($"{i}"), PlanSource.Page);

        Assert.Equal(Enumerable.Range(4, 10).Reverse(), Store.SlotsHistory().Select(version => version.Number));
        Assert.Equal("no-version", Assert.Throws<RequestRefusedException>(() => Store.RollbackSlots(3, PlanSource.Page)).Code);

        SlotsDocument back = Store.RollbackSlots(5, PlanSource.Verb);

        Assert.Equal((14, "4", PlanSource.Verb), (back.Number, back.Slots[0].Name, back.ChangedBy));
        Assert.Equal("12", Store.RollbackSlots(null, PlanSource.Verb).Slots[0].Name);
        Assert.Equal("4", Store.RollbackSlots(null, PlanSource.Verb).Slots[0].Name);
    }

    [Fact]
    public void APlanogramIsPutBackUnlessItsSlotsAreGone()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01", "1-02"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("1", "1-01"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("2", "1-02"), PlanSource.Page);

        Assert.Equal(("1", 3), (Store.RollbackPlanogram(null, PlanSource.Page).Planogram.Version, Store.PlanogramDocument!.Number));

        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Assert.Contains("no slot \"1-02\"", Assert.Throws<PlanProblemsException>(() => Store.RollbackPlanogram(2, PlanSource.Page)).Message, StringComparison.Ordinal);
        Assert.Equal("1", Store.Planogram!.Version);
    }

    [Fact]
    public void ReferencePicturesGoWithTheLastVersionThatUsesThem()
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page, PlanInFolder.Picture(1));
        Store.SetSlots(PlanInFolder.Slots("b"), PlanSource.Page, PlanInFolder.Picture(2));
        Assert.Equal(2, Directory.GetFiles(_plan.File("references")).Length);
        Assert.Equal(ReferencePictures.HashOf(PlanInFolder.Picture(1).Picture.Span), Store.RollbackSlots(1, PlanSource.Page).Reference!.Sha256);

        for (int i = 0; i < 10; i++)
            Store.SetSlots(PlanInFolder.Slots($"{i}"), PlanSource.Page, PlanInFolder.Picture(3));

        Assert.Equal([ReferencePictures.HashOf(PlanInFolder.Picture(3).Picture.Span)], Directory.GetFiles(_plan.File("references")).Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public void TheFirstReferencePictureMakesNoNewVersionAndTheNextOneDoes()
    {
        Store.SetReference(PlanInFolder.Picture(1), PlanSource.Device);
        Assert.Equal((0, null), (Store.Slots.Version, Store.Slots.Reference));

        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        Assert.Equal(1, Store.SetReference(PlanInFolder.Picture(1), PlanSource.Device).Version);
        Assert.Equal(1, Store.SetReference(PlanInFolder.Picture(1), PlanSource.Device).Version);
        Assert.Equal(2, Store.SetReference(PlanInFolder.Picture(2, 640, 360), PlanSource.Page).Version);
        Assert.Equal((640, 360), (Store.Slots.Reference!.Width, Store.Slots.Reference.Height));
        Assert.Equal(3, _plan.Told.Count);
        Assert.Null(Store.SetSlots(PlanInFolder.Slots("b"), PlanSource.Verb, keepReference: false).Reference);
    }

    [Fact]
    public void APlanogramOfTheFutureWaitsForItsTime()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Page);
        PlanogramDocument next = PlanInFolder.Planogram("13", "1-01");
        Store.SetPlanogram(next with { Planogram = next.Planogram with { ValidFrom = _plan.Clock.GetUtcNow().AddHours(1) } }, PlanSource.Request);
        Assert.Equal(("12", "13"), (Store.Planogram!.Version, Store.NextPlanogram!.Version));

        _plan.Restart();
        _plan.Clock.Advance(TimeSpan.FromMinutes(59));
        Store.Refresh();
        Assert.Equal("12", Store.Planogram!.Version);

        _plan.Clock.Advance(TimeSpan.FromMinutes(1));
        Store.Refresh();

        Assert.Equal(("13", null, 2), (Store.Planogram!.Version, Store.NextPlanogram, Store.PlanogramDocument!.Number));
        Assert.True(_plan.Told[^1] is { PlanogramBefore.Version: "12", Planogram.Version: "13", By: PlanSource.Request });
        Assert.Equal(["13", "12"], Store.PlanogramHistory().Select(version => version.Planogram.Version));
        _plan.Restart();
        Assert.Equal(("13", null), (Store.Planogram!.Version, Store.NextPlanogram));
    }

    [Fact]
    public void APlanogramThatWaitsCanBeTakenBackAndIsNotTouchedByOneForNow()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        PlanogramDocument next = PlanInFolder.Planogram("13", "1-01");
        Store.SetPlanogram(next with { Planogram = next.Planogram with { ValidFrom = _plan.Clock.GetUtcNow().AddHours(1) } }, PlanSource.Request);

        Store.SetPlanogram(PlanInFolder.Planogram("12b", "1-01"), PlanSource.Page);
        Assert.Equal("13", Store.NextPlanogram!.Version);

        Assert.True(Store.CancelNext(PlanSource.Page));
        Assert.False(Store.CancelNext(PlanSource.Page));
        _plan.Clock.Advance(TimeSpan.FromHours(2));
        Store.Refresh();
        Assert.Equal("12b", Store.Planogram!.Version);
    }

    [Fact]
    public void WhatAnotherProcessChangesIsNoticed()
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        PlanStore verb = _plan.Open();
        verb.SetSlots(PlanInFolder.Slots("b"), PlanSource.Verb);
        verb.SetPlanogram(PlanInFolder.Planogram("1", "b"), PlanSource.Verb);
        _plan.Told.Clear();

        Store.Refresh();
        Store.Refresh();

        Assert.Equal("b", Store.Slots.Slots[0].Name);
        PlanChange told = Assert.Single(_plan.Told);
        Assert.True(told is { SlotsChanged: true, PlanogramChanged: true, SlotsBefore.Version: 1, Slots.Version: 2, By: PlanSource.Verb });
    }

    [Fact]
    public void AChangeBuildsOnWhatAnotherProcessWrote()
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        _plan.Open().SetSlots(PlanInFolder.Slots("b"), PlanSource.Verb);

        Assert.Equal(3, Store.SetSlots(PlanInFolder.Slots("c"), PlanSource.Page).Number);
        Assert.Equal(["c", "b", "a"], Store.SlotsHistory().Select(version => version.Slots[0].Name));
    }

    [Fact]
    public void WhileAnotherProcessIsChangingThemAChangeIsRefusedAsBusy()
    {
        using IDisposable other = PlanLock.Take(_plan.Folder);

        Assert.Equal("busy", Assert.Throws<RequestRefusedException>(() => Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"schema\":1,\"version\":2,\"slots\":[{\"slo")]
    [InlineData("{\"schema\":1,\"version\":2,\"reference\":null,\"slots\":[{\"slot\":\"a\",\"x\":7}]}")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void ADamagedFileAtTheStartIsReplacedByTheNewestSoundVersion(string damage)
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        Store.SetSlots(PlanInFolder.Slots("b"), PlanSource.Page);
        File.WriteAllText(_plan.File("slots.json"), damage);
        File.WriteAllText(_plan.File("slots-history/0002.json"), damage);

        _plan.Restart();

        Assert.Equal(("a", 1), (Store.Slots.Slots[0].Name, Store.Slots.Version));
        Assert.Contains("slots.json cannot be used", Store.ProblemText, StringComparison.Ordinal);
        Assert.Contains("Version 1 is used", Store.ProblemText, StringComparison.Ordinal);
        Assert.Contains(_plan.Log.Lines, line => line.Contains("slots.json cannot be used", StringComparison.Ordinal));
        Assert.Equal(3, Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page).Number);
        Assert.Null(Store.ProblemText);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutItsReferencePictureTheSlotsGoOnAndTheNextPictureBecomesTheReference(bool isDamaged)
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page, PlanInFolder.Picture(1));
        string file = Assert.Single(Directory.GetFiles(_plan.File("references")));
        File.Delete(file);
        if (isDamaged)
            File.WriteAllText(file, "abc");

        _plan.Restart();

        Assert.Equal(("a", null), (Store.Slots.Slots[0].Name, Store.Slots.Reference));
        Assert.Contains("The reference picture", Store.ProblemText, StringComparison.Ordinal);
        Assert.Equal(2, Store.SetReference(PlanInFolder.Picture(1), PlanSource.Device).Version);
        Assert.Equal(PlanInFolder.Picture(1).Picture.ToArray(), Store.ReferencePicture());
        Assert.Null(Store.ProblemText);
    }

    [Fact]
    public void AFileThatIsDamagedWhileTheServiceRunsChangesNothing()
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        File.WriteAllText(_plan.File("slots.json"), "oops");
        _plan.Told.Clear();

        Store.Refresh();

        Assert.Equal("a", Store.Slots.Slots[0].Name);
        Assert.NotNull(Store.ProblemText);
        Assert.Empty(_plan.Told);
    }

    [Fact]
    public void ADamagedPlanogramThatWaitsIsLeftOut()
    {
        Store.SetSlots(PlanInFolder.Slots("1-01"), PlanSource.Page);
        Store.SetPlanogram(PlanInFolder.Planogram("12", "1-01"), PlanSource.Page);
        File.WriteAllText(_plan.File("planogram-next.json"), "oops");

        _plan.Restart();

        Assert.Equal(("12", null), (Store.Planogram!.Version, Store.NextPlanogram));
        Assert.Contains("planogram-next.json", Store.ProblemText, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterAFailedWriteTheOldSlotsStayAndTheHistoryHasNoGhost()
    {
        Store.SetSlots(PlanInFolder.Slots("a"), PlanSource.Page);
        File.Delete(_plan.File("slots.json"));
        Directory.CreateDirectory(_plan.File("slots.json"));

        RequestRefusedException refused = Assert.Throws<RequestRefusedException>(() => Store.SetSlots(PlanInFolder.Slots("b"), PlanSource.Page));

        Assert.Equal(PlanRefusal.NotKept, refused.Code);
        Assert.Equal("The change cannot be kept: Is a directory.", refused.Message);
        Assert.False(File.Exists(_plan.File("slots-history/0002.json")));
    }

    [Fact]
    public void LabelsThatComeWithTheSlotsMakeTheFirstPlanogramOnly()
    {
        SlotsDocument labelled = PlanInFolder.Slots("1-01", "1-02", "1-03") with { Labels = new Dictionary<string, string> { ["1-01"] = "tea", ["1-02"] = "empty", ["1-03"] = "tea" } };

        Store.SetSlots(labelled, PlanSource.Verb);

        Assert.Equal("tea", Store.Planogram!.ExpectedIn("1-01")!.Label);
        Assert.Null(Store.Planogram.ExpectedIn("1-02"));
        Assert.Equal(["tea"], Store.Planogram.Products.Select(product => product.Label));

        Store.SetSlots(labelled with { Labels = new Dictionary<string, string> { ["1-01"] = "cocoa" } }, PlanSource.Verb);
        Assert.Equal("tea", Store.Planogram!.ExpectedIn("1-01")!.Label);
    }

    [Fact]
    public void ManyThreadsAtOnceLoseNoChange()
    {
        Parallel.For(0, 20, i => Store.SetSlots(PlanInFolder.Slots($"{i}"), PlanSource.Page));

        Assert.Equal(20, Store.Slots.Version);
        Assert.Equal(20, _plan.Told.Count);
        Assert.Equal(10, Store.SlotsHistory().Count);
    }
}
