using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching.Review;

public sealed class ReviewQueueTests
{
    [Fact]
    public void WhatShowsTheSameIsAskedOnceAndCounted()
    {
        using ReviewInFolder review = new();
        ReviewCandidate first = review.Candidate(1);
        long id = review.Add(first)!.Value;

        Assert.False(review.Queue.IsNews(ReviewInFolder.Again(first)));
        Assert.False(review.Queue.IsNews(ReviewInFolder.Again(first)));
        Assert.Null(review.Add(ReviewInFolder.Again(first)));

        Assert.Equal([id], review.Waiting);
        Assert.Equal(3, review.Queue.SeenOf(review.Queue.Now.Waiting[0]));
        Assert.True(review.Queue.IsNews(review.Candidate(2)), "another look");
        Assert.True(review.Queue.IsNews(first with { Slot = "1-02" }), "another place");
        Assert.True(review.Queue.IsNews(first with { Label = "tea" }), "another word of the device");
        Assert.Equal(3, review.Reopen().SeenOf(review.Queue.Now.Waiting[0]));
    }

    [Fact]
    public void WithoutDescriptorsOneQuestionAPlaceAndLabelIsEnough()
    {
        using ReviewInFolder review = new();
        ReviewCandidate blind = review.Candidate(1, label: "tea") with { Descriptor = null, Model = null };
        review.Add(blind);

        Assert.False(review.Queue.IsNews(blind));
        Assert.True(review.Queue.IsNews(blind with { Label = "jam" }));
        Assert.True(review.Queue.IsNews(blind with { Slot = "1-02" }));
    }

    [Fact]
    public void WhatWasAnsweredIsNotAskedAgain()
    {
        using ReviewInFolder review = new();
        ReviewCandidate first = review.Candidate(1);
        review.Answer(review.Add(first)!.Value, isRight: null, ReviewAnswers.NotAProduct);

        Assert.False(review.Queue.IsNews(ReviewInFolder.Again(first)));
        Assert.Null(review.Add(ReviewInFolder.Again(first)));
        review.Reopen();
        Assert.False(review.Queue.IsNews(first));
        Assert.Empty(review.Waiting);
    }

    [Fact]
    public void WhenItIsFullTheMostRedundantGoesAndNotTheNewest()
    {
        using ReviewInFolder review = new(new TeachingOptions { MaxReviews = 4 });
        long alone = review.Add(1);
        ReviewCandidate pair = review.Candidate(2, "1-02");
        long older = review.Add(pair)!.Value;
        // The same product in another place looks nearly the same, and is another question.
        long newer = review.Add(ReviewInFolder.Again(pair) with { Slot = "1-03" })!.Value;
        long fourth = review.Add(3);

        long fifth = review.Add(4);

        Assert.Equal([alone, newer, fourth, fifth], review.Waiting);
        Assert.Null(review.Queue.Now.Find(older));
        Assert.False(review.Queue.IsNews(pair), "what was dropped would come again with the next picture, and push something else out");
        Assert.Empty(review.Queue.Weeks());
    }

    [Fact]
    public void WithoutAnythingAlikeTheOldestGoes()
    {
        using ReviewInFolder review = new(new TeachingOptions { MaxReviews = 3 });
        long[] ids = [.. Enumerable.Range(1, 4).Select(at => review.Add(review.Candidate(at, $"1-0{at}") with { Descriptor = null, Model = null })!.Value)];

        Assert.Equal(ids[1..], review.Waiting);
    }

    [Fact]
    public void TheBytesAreBounded()
    {
        using ReviewInFolder review = new(new TeachingOptions { MaxReviewBytes = 1 << 20 });
        for (int seed = 1; seed <= 20; seed++)
            review.Add(review.Candidate(seed), bytes: 100_000);

        Assert.Equal(10, review.Waiting.Count());
        Assert.True(review.Queue.Now.Waiting.Sum(entry => entry.Bytes) <= 1 << 20);
        // What is past has a quarter.
        Assert.True(review.Queue.Now.Past.Sum(entry => (long)entry.CropBytes) <= 1 << 18);
    }

    [Fact]
    public void ALongLifeLeavesABoundedFile()
    {
        using ReviewInFolder review = new();
        for (int seed = 1; seed <= 260; seed++)
            review.Answer(review.Add(seed), isRight: seed % 2 == 0);

        Assert.Equal(ReviewDatabase.PastKept, review.Queue.Now.Past.Count);
        Assert.Equal(ReviewDatabase.PastKept, ReviewInFolder.RowsOf(review.Folder).Count(row => row.StartsWith("crop:", StringComparison.Ordinal)));
        Assert.Equal((260, 130), (review.Queue.Weeks()[0].Answered, review.Queue.Weeks()[0].Right));
    }

    [Fact]
    public void AnAnswerCountsInItsWeek()
    {
        using ReviewInFolder review = new();
        review.Answer(review.Add(1), isRight: true);
        // 2026-11-25 is a Wednesday. Its week ends on Sunday the 29th.
        review.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 29, 23, 59, 0, TimeSpan.Zero));
        review.Answer(review.Add(2), isRight: false);
        review.Answer(review.Add(3), isRight: null, ReviewAnswers.Skip);
        review.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 30, 0, 1, 0, TimeSpan.Zero));
        review.Answer(review.Add(4), isRight: true);

        Assert.Equal([new ReviewWeek(new DateOnly(2026, 11, 23), 2, 1), new ReviewWeek(new DateOnly(2026, 11, 30), 1, 1)], review.Queue.Weeks());
    }

    [Fact]
    public void AnswersAreTakenBackTogetherAndOnce()
    {
        using ReviewInFolder review = new();
        long[] ids = [review.Add(1), review.Add(2), review.Add(3)];
        (long turn, IReadOnlyList<long> answered) = review.Queue.Answer([.. ids[..2].Select(id => new ReviewAnswer(id, ReviewAnswers.Confirm, "jam", true))], null);
        Assert.Equal(ids[..2], answered);
        Assert.Empty(review.Queue.Answer([new ReviewAnswer(ids[0], ReviewAnswers.Confirm, "jam", true)], null).Answered);

        Assert.Null(review.Queue.StepOf(turn));
        review.Queue.TakeBack(turn);

        Assert.Equal(ids, review.Waiting);
        Assert.Empty(review.Queue.Weeks());
        Assert.Equal(TeachingException.NotFound, Assert.Throws<TeachingException>(() => review.Queue.StepOf(turn)).Code);
    }

    [Fact]
    public void WhatAStepTaughtWaitsAgainWhenTheStepIsTakenBack()
    {
        using ReviewInFolder review = new();
        long first = review.Add(1), second = review.Add(2);
        review.Answer(first, isRight: true, step: 4);
        review.Answer(second, isRight: true, step: 5);

        review.Queue.Follow(StateWithSteps(3, 4), []);
        Assert.Equal([second], review.Waiting);
        // Old steps are forgotten, and that takes nothing back.
        review.Queue.Follow(StateWithSteps(20), []);
        Assert.Equal([second], review.Waiting);
        review.Queue.Follow(StateWithSteps(), []);
        Assert.Equal([first, second], review.Waiting);
    }

    [Fact]
    public void WhatWaitsHasTheNamesOfToday()
    {
        using ReviewInFolder review = new();
        long first = review.Add(1, label: "tea"), second = review.Add(2, label: "milk");

        review.Queue.Rename(new Dictionary<string, string> { ["tea"] = "green-tea", ["jam"] = "plum-jam" }, 1);

        Assert.Equal(["green-tea", "milk"], review.Queue.Now.Waiting.Select(entry => entry.Label));
        Assert.Equal(["plum-jam", "plum-jam"], review.Queue.Now.Waiting.Select(entry => entry.Expected));
        ReviewQueue again = review.Reopen();
        again.Open();
        Assert.Equal([first, second], again.Now.Waiting.Select(entry => entry.Id));
        Assert.Equal("green-tea", again.Now.Waiting[0].Label);
    }

    [Fact]
    public void NamesThatAStepChangedComeBackWithIt()
    {
        using ReviewInFolder review = new();
        review.Add(1, label: "tea");
        review.Add(2, label: "milk");
        review.Queue.Rename(new Dictionary<string, string> { ["tea"] = "milk" }, 5);
        review.Queue.Rename(new Dictionary<string, string> { ["milk"] = "drink", ["jam"] = "spread" }, 6);
        Assert.Equal(["drink", "drink"], review.Queue.Now.Waiting.Select(entry => entry.Label));

        review.Queue.Follow(StateWithSteps(4, 5), []);
        Assert.Equal(["milk", "milk"], review.Queue.Now.Waiting.Select(entry => entry.Label));
        Assert.Equal(["jam", "jam"], review.Queue.Now.Waiting.Select(entry => entry.Expected));
        review.Queue.Follow(StateWithSteps(4), []);
        Assert.Equal(["tea", "milk"], review.Queue.Now.Waiting.Select(entry => entry.Label));
    }

    [Fact]
    public void WhatWasTaughtElsewhereWaitsNoMore()
    {
        using ReviewInFolder review = new();
        ReviewCandidate taught = review.Candidate(1);
        review.Add(taught);
        long other = review.Add(2);

        review.Queue.Follow(StateWithSteps(7), [ReviewInFolder.ExampleOf(ReviewInFolder.Again(taught))]);

        Assert.Equal([other], review.Waiting);
        Assert.Empty(review.Queue.Weeks());
        review.Queue.Follow(StateWithSteps(6), []);
        Assert.Equal(2, review.Waiting.Count());
    }

    [Fact]
    public void AnotherModelsQuestionOfAPlaceReplacesTheOldOnes()
    {
        using ReviewInFolder review = new();
        review.Add(1);
        long elsewhere = review.Add(2, "1-02");

        long now = review.Add(review.Candidate(3, model: "model-2"))!.Value;

        Assert.Equal([elsewhere, now], review.Waiting);
    }

    [Fact]
    public void ADamagedFileIsSetAsideWithAWordAndNoIdIsUsedTwice()
    {
        using ReviewInFolder review = new();
        long before = review.Add(1);
        review.Queue.Dispose();
        File.WriteAllBytes(Path.Combine(review.Folder, ReviewQueue.FileName), [.. "no database at all, "u8, .. new byte[5000]]);

        ReviewQueue after = review.Reopen();

        Assert.Empty(after.Now.Waiting);
        Assert.Contains("review-damaged-", Assert.Single(review.Log.Lines), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(review.Folder, "review-damaged-*.db"));
        Assert.True(review.Add(2) > before, "a browser still shows the crop of an id that is used twice");
    }

    [Fact]
    public void TurnedOffItKeepsNothing()
    {
        using ReviewInFolder review = new(new TeachingOptions { MaxReviews = 0 });
        Assert.Null(review.Add(review.Candidate(1)));
        Assert.False(review.Queue.IsOn);
    }

    [Fact]
    public void APlaceAsksAtMostTwentyTimesAnHour()
    {
        ReviewPace pace = new();
        DateTimeOffset at = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        Assert.Equal(ReviewPace.Limit, Enumerable.Range(0, 60).Count(second => pace.TryTake("1-01", at.AddSeconds(second))));
        Assert.True(pace.TryTake("1-02", at.AddSeconds(60)));
        Assert.False(pace.TryTake("1-01", at.AddMinutes(59)));
        Assert.True(pace.TryTake("1-01", at.AddMinutes(60)));
        // A clock that was set back by days does not silence the place for days.
        Assert.True(pace.TryTake("1-01", at.AddDays(-3)));
    }

    static ExampleState StateWithSteps(params long[] steps) =>
        ExampleState.None with { Steps = [.. steps.Select(step => new TeachingStep(step, DateTimeOffset.UnixEpoch, StepKinds.Add, "A step."))] };
}
