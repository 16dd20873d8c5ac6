using System.Text;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Teaching.Review;

/// <summary>Answers become examples, figures and a step that takes both back: with a real store, a real queue and the tiny network.</summary>
public sealed class ReviewerTests : IDisposable
{
    readonly TeachingShelf _shelf = new();
    readonly ReviewQueue _queue;
    readonly ReviewKeeper _keeper;
    readonly Reviewer _reviewer;
    readonly ShelfStatus _status = new(TimeProvider.System);

    public ReviewerTests()
    {
        _queue = new ReviewQueue(_shelf.Folder, new TeachingOptions(), TimeProvider.System, NullLogger<ReviewQueue>.Instance);
        _keeper = new ReviewKeeper(_queue, _shelf.Store, _status, NullLogger<ReviewKeeper>.Instance);
        _reviewer = new Reviewer(_queue, _shelf.Teacher, _shelf.Store, () => [.. TinyModel.Labels, .. _shelf.Store.Now.Labels]);
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _queue.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public async Task ASelectionIsOneLessonAndOneUndoTakesItBack()
    {
        await StartAsync();
        long[] ids = [await AddAsync(1, "1-01", "tea"), await AddAsync(2, "1-02", "jam"), await AddAsync(3, "1-03", "tea")];
        IReadOnlyList<string> rows = _shelf.Rows();

        ReviewOutcome outcome = await AnswerAsync(new ReviewRequest(ids, ReviewAnswers.Confirm, ExampleSources.Page));

        Assert.Equal([("1-01", "tea"), ("1-02", "jam"), ("1-03", "tea")], _shelf.Store.Now.Examples.Select(example => (example.Slot!, example.Label)));
        Assert.Single(_shelf.Store.Now.Steps);
        Assert.All(outcome.Answers, answer => Assert.True(answer.IsRight));
        Assert.Empty(_queue.Now.Waiting);
        Assert.Equal(0, _status.Now.ReviewWaiting);

        _reviewer.TakeBack(outcome.Turn);

        Assert.Equal(rows, _shelf.Rows());
        Assert.Equal(ids, _queue.Now.Waiting.Select(entry => entry.Id));
        Assert.Empty(_queue.Weeks());
        Assert.Equal((3, ids[2]), (_status.Now.ReviewWaiting, _status.Now.ReviewNewest));
    }

    [Fact]
    public async Task TheOrdinaryUndoOfTeachingBringsTheQuestionBackToo()
    {
        await StartAsync();
        long id = await AddAsync(1, "1-01", "tea");
        await AnswerAsync(new ReviewRequest([id], ReviewAnswers.Empty, ExampleSources.Page));
        Assert.Equal(Planogram.EmptyLabel, _shelf.Store.Now.Examples.Single().Label);

        _shelf.Store.Undo(null);

        Assert.Equal(id, Assert.Single(_queue.Now.Waiting).Id);
    }

    [Fact]
    public async Task ANewProductKeepsItsNameAsItIs()
    {
        await StartAsync();
        long id = await AddAsync(1, "1-01", null);
        string name = string.Concat(Enumerable.Repeat("<b>茶</b>", 25));
        Assert.Equal(200, name.Length);

        ReviewRequest request = TeachingBody.Review(Encoding.UTF8.GetBytes($$"""{"ids":[{{id}}],"answer":"correct","label":"tea","name":"{{name}}","gtin":"4006381333931"}"""), ExampleSources.Http);
        ReviewOutcome outcome = await AnswerAsync(request);

        Assert.Equal((name, "4006381333931"), (_shelf.Store.Now.Products["tea"].Name, _shelf.Store.Now.Products["tea"].Gtin));
        Assert.True(outcome.Answers[0].IsRight, "it said that it knows nothing of it, and that was true");
    }

    [Fact]
    public async Task WhatIsTaughtUnderAnotherNameWaitsUntilItMayBeMoved()
    {
        await StartAsync();
        long first = await AddAsync(1, "1-01", "tea"), other = await AddAsync(2, "1-02", "tea");
        await AnswerAsync(new ReviewRequest([first], ReviewAnswers.Confirm, ExampleSources.Page));
        long same = await AddAsync(1, "1-01", "jam");

        ReviewOutcome outcome = await AnswerAsync(new ReviewRequest([same, other, 99], ReviewAnswers.Correct, ExampleSources.Page) { Label = "honey" });

        Assert.Equal([other], outcome.Answers.Select(answer => answer.Id));
        Assert.Equal([(99, NotAnswered.Gone, null), (same, NotTaught.OtherLabel, "tea")], outcome.NotAnswered.Select(one => (one.Id, one.Code, one.Label)));
        Assert.Equal([same], _queue.Now.Waiting.Select(entry => entry.Id));

        await AnswerAsync(new ReviewRequest([same], ReviewAnswers.Correct, ExampleSources.Page) { Label = "honey", Move = true });
        Assert.Equal(["honey", "honey"], _shelf.Store.Now.Examples.Select(example => example.Label));
        Assert.Empty(_queue.Now.Waiting);
    }

    [Fact]
    public async Task WhatIsKnownAlreadyIsAnAnswerWithoutAnExample()
    {
        await StartAsync();
        await AnswerAsync(new ReviewRequest([await AddAsync(1, "1-01", "tea")], ReviewAnswers.Confirm, ExampleSources.Page));
        long again = await AddAsync(1, "1-01", null);

        ReviewOutcome outcome = await AnswerAsync(new ReviewRequest([again], ReviewAnswers.Correct, ExampleSources.Page) { Label = "tea" });

        Assert.Equal(NotTaught.Known, Assert.Single(outcome.NotExamples).Code);
        Assert.False(outcome.Answers.Single().IsRight, "tea was known, and the device did not see it");
        Assert.Single(_shelf.Store.Now.Examples);
        _reviewer.TakeBack(outcome.Turn);
        Assert.Single(_queue.Now.Waiting);
        Assert.Single(_shelf.Store.Now.Examples);
    }

    [Fact]
    public async Task ABlackCropIsAnsweredAndIsNoExample()
    {
        await StartAsync();
        byte[] black = PicturesOf.Plain(SkiaSharp.SKColors.Black);
        (string model, IReadOnlyList<CompactDescriptor> descriptors) = await _shelf.Describer.DescribeAsync([black], TestContext.Current.CancellationToken);
        _queue.Add([(new ReviewCandidate("shelf-07-1", "1-01", new Region(0, 0, 1, 1), _shelf.Time, ReviewReasons.Changed, "tea", 0.5, "jam", model, descriptors[0].ToValues()), black)]);

        ReviewOutcome outcome = await AnswerAsync(new ReviewRequest([_queue.Now.Waiting[0].Id], ReviewAnswers.Correct, ExampleSources.Page) { Expected = true });

        Assert.Equal(NotTaught.Blank, Assert.Single(outcome.NotExamples).Code);
        Assert.Equal("jam", outcome.Answers.Single().Label);
        Assert.Empty(_queue.Now.Waiting);
        Assert.Empty(_shelf.Store.Now.Examples);
    }

    [Fact]
    public async Task AWholePictureIsCountedAndNotTaught()
    {
        await StartAsync();
        long id = await AddAsync(1, ReviewCandidates.WholePicture, "Red-Apple", expected: null);

        ReviewOutcome outcome = await AnswerAsync(new ReviewRequest([id], ReviewAnswers.Confirm, ExampleSources.Page));

        Assert.True(outcome.Answers.Single().IsRight);
        Assert.Null(outcome.Lesson);
        Assert.Empty(_shelf.Store.Now.Examples);
        Assert.NotNull(_queue.Crop(id));
        Assert.Equal((1, 1), (_queue.Weeks()[0].Answered, _queue.Weeks()[0].Right));
    }

    [Fact]
    public async Task WhatWouldMakeTheDeviceWorseIsAskedFirstAndChangesNothing()
    {
        await StartAsync();
        await _shelf.LookAsync([new(255, 30, 30), new(30, 255, 30)], ["tea", "jam"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        // What stands in 1-01 now, as jam: 1-01 would not match any more.
        BayLook look = _shelf.Latest.Now!;
        using EdgeShelf.Pictures.Picture picture = EdgeShelf.Pictures.PictureDecoder.Decode(look.Frame);
        float[] near = [.. look.Slots[0].Descriptor!.Select((value, at) => at == 0 ? value * 0.55f : value)];
        _queue.Add([(new ReviewCandidate("shelf-07-1", "9-09", new Region(0, 0, 1, 1), _shelf.Time, ReviewReasons.UnknownProduct, null, null, null, look.Model, near), EdgeShelf.Pictures.RegionJpeg.Of(picture, look.Slots[0].Region))]);
        ReviewRequest wrong = new([_queue.Now.Waiting[0].Id], ReviewAnswers.Correct, ExampleSources.Page) { Label = "jam", Move = true };
        IReadOnlyList<string> rows = _shelf.Rows();

        WorseException worse = await Assert.ThrowsAsync<WorseException>(() => AnswerAsync(wrong));

        Assert.NotEmpty(worse.Effect.Worse);
        Assert.Equal(rows, _shelf.Rows());
        Assert.Single(_queue.Now.Waiting);
        await AnswerAsync(wrong with { Confirm = true });
        Assert.Empty(_queue.Now.Waiting);
    }

    [Fact]
    public async Task WhatWasTaughtOnTheShelfIsNotAskedAnyMore()
    {
        await StartAsync();
        await _shelf.LookAsync([new(255, 30, 30)], ["tea"]);
        SlotLook seen = _shelf.Latest.Now!.Slots[0];
        using EdgeShelf.Pictures.Picture picture = EdgeShelf.Pictures.PictureDecoder.Decode(_shelf.Latest.Now!.Frame);
        _queue.Add([(new ReviewCandidate("shelf-07-1", "1-01", seen.Region, _shelf.Time, ReviewReasons.UnknownProduct, null, null, "tea", _shelf.Describer.Model, seen.Descriptor), EdgeShelf.Pictures.RegionJpeg.Of(picture, seen.Region))]);

        await _shelf.TeachAsync(null, "1-01");
        Assert.Empty(_queue.Now.Waiting);

        _shelf.Store.Undo(null);
        Assert.Single(_queue.Now.Waiting);
    }

    [Theory]
    [InlineData("tea", ReviewAnswers.Confirm, "tea", true)]
    [InlineData("tea", ReviewAnswers.Correct, "tea", true)]
    [InlineData("tea", ReviewAnswers.Correct, "jam", false)]
    [InlineData("tea", ReviewAnswers.Empty, "empty", false)]
    [InlineData("tea", ReviewAnswers.NotAProduct, null, false)]
    [InlineData("tea", ReviewAnswers.Skip, null, null)]
    [InlineData(null, ReviewAnswers.NotAProduct, null, true)]
    [InlineData(null, ReviewAnswers.Correct, "jam", false)]
    [InlineData(null, ReviewAnswers.Correct, "new", true)]
    public void TheDeviceWasRightIfItSaidWhatItIsOrCouldNotKnow(string? says, string answer, string? label, bool? isRight)
    {
        ReviewEntry entry = new(1, "shelf-07-1", "1-01", DateTimeOffset.UnixEpoch, ReviewReasons.Changed, says, null, null, 1, null, null, 1);

        Assert.Equal(isRight, Reviewer.IsRight(entry, answer, label, new HashSet<string> { "tea", "jam" }));
    }

    [Theory]
    [InlineData("""{"ids":[1]}""")]
    [InlineData("""{"ids":[1],"answer":"yes"}""")]
    [InlineData("""{"ids":[1],"answer":"correct"}""")]
    [InlineData("""{"ids":[1],"answer":"correct","label":"a","expected":true}""")]
    [InlineData("""{"ids":[1],"answer":"confirm","label":"a"}""")]
    [InlineData("""{"ids":["1"],"answer":"confirm"}""")]
    [InlineData("""{"ids":[1.5],"answer":"confirm"}""")]
    [InlineData("""{"ids":1,"answer":"confirm"}""")]
    [InlineData("""{"ids":[1],"answer":"skip","name":"a"}""")]
    public void ABodyThatIsNotUnderstoodIsRefused(string body) =>
        Assert.Equal(TeachingException.BadRequest, Assert.Throws<TeachingException>(() => TeachingBody.Review(Encoding.UTF8.GetBytes(body), ExampleSources.Http)).Code);

    async Task StartAsync() => await _keeper.StartAsync(TestContext.Current.CancellationToken);

    Task<ReviewOutcome> AnswerAsync(ReviewRequest request) => _reviewer.AnswerAsync(request, TestContext.Current.CancellationToken);

    /// <returns>The id of the new entry.</returns>
    async Task<long> AddAsync(int seed, string slot, string? label, string? expected = "jam")
    {
        byte[] crop = TeachingShelf.Swatch(seed);
        (string model, IReadOnlyList<CompactDescriptor> descriptors) = await _shelf.Describer.DescribeAsync([crop], TestContext.Current.CancellationToken);
        _queue.Add([(new ReviewCandidate("shelf-07-1", slot, new Region(0, 0, 1, 1), _shelf.Time, ReviewReasons.Changed, label, label is null ? null : 0.5, expected, model, descriptors[0].ToValues()), crop)]);
        return _queue.Now.Waiting[^1].Id;
    }
}
