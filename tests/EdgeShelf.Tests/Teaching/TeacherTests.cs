using System.Text;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Teaching;

public sealed class TeacherTests : IDisposable
{
    static readonly SKColor Red = new(255, 30, 30), Green = new(30, 255, 30), Blue = new(30, 30, 255), Black = new(0, 0, 0);

    readonly TeachingShelf _shelf = new();

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public async Task EverythingIsInItsPlaceTakesOneExampleOfEachSlot()
    {
        await _shelf.LookAsync([Red, Green, Blue], ["apple", "pear", "plum"]);
        Assert.Equal([Verdict.Unchecked, Verdict.Unchecked, Verdict.Unchecked], _shelf.Verdicts());

        LessonResult result = await _shelf.TeachAsync(null, "1-01", "1-02", "1-03");

        Assert.Equal([("1-01", "apple"), ("1-02", "pear"), ("1-03", "plum")], result.Change.Added.Select(example => (example.Slot!, example.Label)));
        Assert.Equal([Verdict.Match, Verdict.Match, Verdict.Match], _shelf.Verdicts());
        Assert.Equal(["1-01", "1-02", "1-03"], result.Effect.Slots.Select(slot => slot.Slot));
        Assert.All(result.Effect.Slots, slot => Assert.Equal((Verdict.Unchecked, Verdict.Match), (slot.Before, slot.After)));
    }

    [Fact]
    public async Task TeachingOneProductChangesNothingElseAndTakingItBackRestoresTheExamplesBitByBit()
    {
        await _shelf.LookAsync([Red, Green, Blue], ["apple", "pear", "plum"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        IReadOnlyList<string> before = _shelf.Rows();

        LessonResult result = await _shelf.TeachAsync("plum", "1-03");

        Assert.Equal("1-03", Assert.Single(result.Effect.Slots).Slot);
        Assert.Equal([Verdict.Match, Verdict.Match, Verdict.Match], _shelf.Verdicts());
        _shelf.Store.Undo(result.Change.Step!.Seq);
        Assert.Equal(before, _shelf.Rows());
        Assert.Equal([Verdict.Match, Verdict.Match, Verdict.Unchecked], _shelf.Verdicts());
    }

    [Fact]
    public async Task TheCropIsTheSlotInItsOwnShape()
    {
        await _shelf.LookAsync([Red, Green]);
        LessonResult result = await _shelf.TeachAsync("pear", "1-02");

        using SKBitmap crop = SKBitmap.Decode(_shelf.Store.Crop(result.Change.Added[0].Id));
        Assert.Equal((60, 80), (crop.Width, crop.Height));
        Assert.True(crop.GetPixel(30, 20).Green > 200, $"{crop.GetPixel(30, 20)}");
        // No pixel of the neighbour.
        Assert.True(crop.GetPixel(0, 20).Green > 200, $"{crop.GetPixel(0, 20)}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APictureThatDoesNotShowTheShelfTeachesNothing(bool isMoved)
    {
        await _shelf.LookAsync([Red], ["apple"], isMoved ? BayView.CameraMoved : BayView.Unusable);

        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync("apple", "1-01"));

        Assert.Equal(TeachingException.NoView, problem.Code);
        Assert.Empty(_shelf.Store.Now.Examples);
    }

    [Fact]
    public async Task WithoutAPictureNothingIsTaught()
    {
        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync("apple", "1-01"));
        Assert.Equal(TeachingException.NoView, problem.Code);
    }

    [Fact]
    public async Task ASlotBeforeWhichSomethingMovesIsNotTaughtAndTheOthersAre()
    {
        await _shelf.LookAsync([Red, Green], ["apple", "pear"]);
        await _shelf.LookAsync([Red, Blue], ["apple", "pear"]);

        LessonResult result = await _shelf.TeachAsync(null, "1-01", "1-02");

        Assert.Equal("1-01", Assert.Single(result.Change.Added).Slot);
        NotTaught moving = Assert.Single(result.NotTaught);
        Assert.Equal(("1-02", NotTaught.Moving), (moving.Name, moving.Code));
        // When it has come to rest, it can be taught.
        await _shelf.LookAsync([Red, Blue], ["apple", "pear"]);
        Assert.Single((await _shelf.TeachAsync("plum", "1-02")).Change.Added);
    }

    [Fact]
    public async Task ABlackCropIsNoExample()
    {
        await _shelf.LookAsync([Black]);

        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync("apple", "1-01"));

        Assert.Equal(TeachingException.NothingTaught, problem.Code);
        Assert.Equal(NotTaught.Blank, Assert.Single(problem.NotTaught).Code);
    }

    [Fact]
    public async Task UnknownSlotsAndSlotsInWhichNothingIsExpectedAreNamed()
    {
        await _shelf.LookAsync([Red, Green], ["apple", null]);

        LessonResult result = await _shelf.TeachAsync(null, "1-01", "1-02", "9-99");
        Assert.Equal([("1-02", NotTaught.NothingExpected), ("9-99", NotTaught.NoSlot)], result.NotTaught.Select(one => (one.Name, one.Code)));

        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync("apple", "9-99"));
        Assert.Equal(TeachingException.NotFound, problem.Code);
    }

    [Fact]
    public async Task WhatIsKnownIsNotAddedTwiceAndSaysSo()
    {
        await _shelf.LookAsync([Red], ["apple"]);
        await _shelf.TeachAsync(null, "1-01");
        IReadOnlyList<string> before = _shelf.Rows();
        await _shelf.LookAsync([Red], ["apple"]);

        LessonResult result = await _shelf.TeachAsync(null, "1-01");

        Assert.Null(result.Change.Step);
        Assert.Equal(NotTaught.Known, Assert.Single(result.NotTaught).Code);
        Assert.Equal(before, _shelf.Rows());
    }

    [Fact]
    public async Task TheSameCropUnderAnotherLabelIsRefusedAndCanBeMoved()
    {
        await _shelf.LookAsync([Red, Green]);
        await _shelf.TeachAsync("apple", "1-01");

        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync("tomato", "1-01"));
        Assert.Equal(TeachingException.Conflict, problem.Code);
        NotTaught refused = Assert.Single(problem.NotTaught);
        Assert.Equal((NotTaught.OtherLabel, "apple"), (refused.Code, refused.ExampleLabel));

        LessonResult result = await _shelf.TeachAsync(new Lesson(ExampleSources.Page) { Label = "tomato", Slots = ["1-01"], Move = true });
        Assert.Equal(refused.Example, Assert.Single(result.Moved).Id);
        Assert.Equal("tomato", Assert.Single(_shelf.Store.Now.Examples).Label);
        _shelf.Store.Undo(null);
        Assert.Equal("apple", Assert.Single(_shelf.Store.Now.Examples).Label);
    }

    [Fact]
    public async Task ATeachingThatMakesASlotWorseIsNotTakenWithoutAnExplicitYes()
    {
        SKColor orange = new(255, 140, 60), darker = new(255, 180, 60);
        await _shelf.LookAsync([new SKColor(255, 60, 0), Blue], ["apple", "plum"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        await _shelf.LookAsync([orange, Blue, darker], ["apple", "plum", null]);
        await _shelf.LookAsync([orange, Blue, darker], ["apple", "plum", null]);
        Assert.Equal(Verdict.Match, _shelf.Verdicts()[0]);
        IReadOnlyList<string> before = _shelf.Rows();

        WorseException worse = await Assert.ThrowsAsync<WorseException>(() => _shelf.TeachAsync("tomato", "1-03"));

        Assert.Contains("1-01", worse.Message, StringComparison.Ordinal);
        Assert.Equal(before, _shelf.Rows());
        LessonResult taken = await _shelf.TeachAsync(new Lesson(ExampleSources.Page) { Label = "tomato", Slots = ["1-03"], Confirm = true });
        Assert.NotEmpty(taken.Effect.Worse);
        Assert.Equal(Verdict.Mismatch, _shelf.Verdicts()[0]);
        _shelf.Store.Undo(null);
        Assert.Equal(before, _shelf.Rows());
    }

    [Fact]
    public async Task ACorrectionThatASlotHoldsSomethingElseIsNoWorsening()
    {
        await _shelf.LookAsync([Red, Blue], ["apple", "plum"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        await _shelf.LookAsync([new SKColor(255, 110, 0), Blue], ["apple", "plum"]);
        await _shelf.LookAsync([new SKColor(255, 110, 0), Blue], ["apple", "plum"]);
        Assert.Equal(Verdict.Match, _shelf.Verdicts()[0]);

        await _shelf.TeachAsync("orange", "1-01");

        Assert.Equal(Verdict.Mismatch, _shelf.Verdicts()[0]);
    }

    [Fact]
    public async Task APreviewSaysWhatWouldChangeAndChangesNothing()
    {
        await _shelf.LookAsync([Red, Green], ["apple", "pear"]);
        IReadOnlyList<string> before = _shelf.Rows();

        LessonResult preview = await _shelf.Teacher.PreviewAsync(new Lesson(ExampleSources.Page) { Slots = ["1-01"] }, TestContext.Current.CancellationToken);

        Assert.Equal(("1-01", Verdict.Unchecked, Verdict.Match), (preview.Effect.Slots[0].Slot, preview.Effect.Slots[0].Before, preview.Effect.Slots[0].After));
        Assert.Null(preview.Change.Step);
        Assert.Equal(before, _shelf.Rows());
        Assert.Empty(_shelf.Taught.Now.Examples);
    }

    [Fact]
    public async Task AResultIsCorrectedByWhatItShowed()
    {
        string first = await _shelf.LookAsync([Red, Green]);
        string second = await _shelf.LookAsync([Red, Blue]);
        await _shelf.LookAsync([Red, Green]);

        ResponseDocument response = await new RequestHandler([LabelCommand.Create(_shelf.Teacher)]).AnswerAsync(
            "label", Encoding.UTF8.GetBytes($$$"""{"value":{"result":"{{{second}}}","slot":"1-02","label":"plum"}}"""), TestContext.Current.CancellationToken);

        Assert.True(response.Status == "ok", response.Error?.Message);
        using SKBitmap crop = SKBitmap.Decode(_shelf.Store.Crop(Assert.Single(_shelf.Store.Now.Examples).Id));
        Assert.True(crop.GetPixel(30, 20).Blue > 200, $"{crop.GetPixel(30, 20)}");
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task AResultIsKnownAsLongAsItsSlotLooksTheSame()
    {
        string old = await _shelf.LookAsync([Red, Green]);
        for (int i = 0; i < RecentLooks.Kept + 2; i++)
            await _shelf.LookAsync([Red, i % 2 == 0 ? Blue : Green]);
        Lesson lesson = new(ExampleSources.Request) { Label = "apple", Slots = ["1-01"] };

        LessonResult result = await _shelf.Teacher.CorrectAsync(old, lesson, TestContext.Current.CancellationToken);

        Assert.Equal("1-01", Assert.Single(result.Change.Added).Slot);
        // The other slot has changed since, and nobody knows any more what it was.
        foreach ((string id, string slot) in new[] { (old, "1-02"), ("shelf-07-999", "1-01"), ("shelf-08-1", "1-01"), ("nonsense", "1-01"), (old, "7-77") })
        {
            TeachingException problem = await Assert.ThrowsAsync<TeachingException>(
                () => _shelf.Teacher.CorrectAsync(id, lesson with { Slots = [slot] }, TestContext.Current.CancellationToken));
            Assert.Equal(TeachingException.NotFound, problem.Code);
        }
    }

    [Theory]
    [InlineData("Nästgård mjölk")]
    [InlineData("牛乳 1リットル")]
    [InlineData("حليب")]
    [InlineData("🥛🧀")]
    [InlineData("../../etc/passwd")]
    [InlineData("<b onclick=alert(1)>milk</b>")]
    [InlineData("milk, \"fresh\"; 1 l")]
    public async Task AProductMayHaveANameInAnyScriptAndOfAnySigns(string label)
    {
        await _shelf.LookAsync([Red]);

        await _shelf.TeachAsync(label, "1-01");

        Assert.Equal(label, Assert.Single(_shelf.Taught.Now.Examples).Label);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("..")]
    [InlineData("line\nbreak")]
    [InlineData("turned\u202Eround")]
    [InlineData("half \uD83E")]
    public async Task ALabelThatCannotBeShownIsRefused(string label)
    {
        await _shelf.LookAsync([Red]);
        TeachingException problem = await Assert.ThrowsAsync<TeachingException>(() => _shelf.TeachAsync(label, "1-01"));
        Assert.Equal(TeachingException.BadProduct, problem.Code);
    }

    [Fact]
    public void ALabelOf200CharactersIsTheLongest()
    {
        string cows = string.Concat(Enumerable.Repeat("🐄", 200));
        Assert.Equal(cows, ProductText.Label(cows));
        Assert.Throws<TeachingException>(() => ProductText.Label(cows + "x"));
    }

    [Fact]
    public void AProductsNumbersAreChecked()
    {
        Assert.Equal("4006381333931", ProductText.Product("milk", "Milk", "0012", "4006381333931").Gtin);
        Assert.Throws<TeachingException>(() => ProductText.Product("milk", null, null, "4006381333932"));
        Assert.Throws<TeachingException>(() => ProductText.Product("empty", "Nothing", null, null));
    }

    [Fact]
    public async Task TwoPhonesThatTeachTheSameSlotAtOnceLeaveOneExample()
    {
        await _shelf.LookAsync([Red], ["apple"]);

        LessonResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _shelf.TeachAsync(null, "1-01"))));

        Assert.Single(_shelf.Store.Now.Examples);
        Assert.Single(results, result => result.Change.Added.Count == 1);
    }
}
