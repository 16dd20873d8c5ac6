using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Reporting;

namespace EdgeShelf.Tests.Models.Making;

public sealed class EvaluationTests
{
    [Fact]
    public void TheTemperatureOfOverconfidentLogitsIsFound()
    {
        // Labels are drawn from the softmax of the logits; the network then boasts by 2.5.
        Random random = new(3);
        List<ScoredPicture> scores = [];
        for (int picture = 0; picture < 4000; picture++)
        {
            double[] logits = [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble() * 4)];
            double draw = random.NextDouble() * logits.Sum(Math.Exp);
            int label = 0;
            while (label < 4 && (draw -= Math.Exp(logits[label])) > 0)
                label++;
            scores.Add(new ScoredPicture(new ListedPicture("", label), [.. logits.Select(value => (float)(value * 2.5))], null));
        }

        double temperature = TemperatureFit.Find(scores);

        Assert.InRange(temperature, 2.3, 2.7);
        Assert.True(Metrics.Of(Judgement.All(scores, temperature)).Ece < 0.03);
        Assert.True(Metrics.Of(Judgement.All(scores, 1)).Ece > 0.1);
    }

    [Fact]
    public void ConfusedProductsAreListedByHowManyPicturesTheyHave()
    {
        Judgement[] judgements =
        [
            Judge(truth: 0, top: [1, 0, 2], 0.9), Judge(truth: 2, top: [0, 1, 2], 0.9), Judge(truth: 2, top: [0, 1, 2], 0.6),
            Judge(truth: 0, top: [0, 1, 2], 0.9), Judge(truth: 1, top: [2, 0, 1], 0.9),
        ];

        Assert.Equal([new ConfusedPair(2, 0, 2, 2), new ConfusedPair(1, 2, 1, 1), new ConfusedPair(0, 1, 1, 2)], ConfusedPair.Of(judgements));
        string html = ConfusedPair.ToHtml(judgements, [.. Enumerable.Range(0, 3).Select(index => new ClassLabel(index, $"<{index}>", "", null))]);
        Assert.Contains("&lt;2&gt;<td class=name>&lt;0&gt;<td>2 of 2<td class=share><span style=\"width:100%\">", html, StringComparison.Ordinal);
        Assert.Contains("No picture was answered wrongly.", ConfusedPair.ToHtml([judgements[3]], []), StringComparison.Ordinal);
    }

    [Fact]
    public void RatesAndClassesAreCounted()
    {
        Metrics metrics = Metrics.Of(
        [
            Judge(truth: 0, top: [0, 1, 2], 0.9), Judge(truth: 0, top: [1, 0, 2], 0.6),
            Judge(truth: 1, top: [2, 3, 0], 0.5), Judge(truth: 1, top: [1, 3, 0], 0.8),
        ]);

        Assert.Equal((4, 0.5, 0.75), (metrics.Images, metrics.Top1, metrics.Top3));
        Assert.Equal([new ClassMetrics(0, 2, 0.5, 1), new ClassMetrics(1, 2, 0.5, 0.5)], metrics.Classes);
        // Each picture has a bin of its own: gaps of 0.1, 0.6, 0.5 and 0.2.
        Assert.Equal(0.35, metrics.Ece, 6);
    }

    [Fact]
    public void ReviewTakesTheLeastThatLeavesTheRestRightOftenEnough()
    {
        // Wrong below 0.5, right above it.
        Judgement[] judgements = [.. Enumerable.Range(0, 100).Select(index => Judge(index < 50 ? 1 : 0, [0, 1, 2], (index + 0.5) / 100))];

        ReviewThresholds thresholds = ReviewFit.Find(judgements, accuracy: 1);

        Assert.Equal(0.5, ReviewShare.Of(judgements, thresholds).Review, 6);
        Assert.Equal(1, ReviewShare.Of(judgements, thresholds).Accuracy);
    }

    [Fact]
    public void AccuracyIsWhatThePicturesVouchForNotLuckWithAFew()
    {
        // Wilson's bound where all are right: n / (n + z * z).
        Assert.Equal(50 / (50 + (1.645 * 1.645)), new ReviewShare(100, 50, 50).SureAccuracy, 9);
        Assert.Equal(0, new ReviewShare(100, 0, 0).SureAccuracy);
        // 3 of 60 below 0.5 are wrong: all in all 97.5 % are right, and 120 pictures do not vouch for 95.
        Judgement[] judgements = [.. Enumerable.Range(0, 120).Select(index => Judge(index < 3 ? 1 : 0, [0, 1, 2], index < 60 ? 0.4 : 0.9))];

        Assert.InRange(ReviewFit.Find(judgements, accuracy: 0.95).MinConfidence, 0.41, 0.9);
    }

    [Fact]
    public void AnswersLessSureThanAnyThatWasTriedAreForAPerson()
    {
        Judgement[] allRight = [Judge(0, [0, 1, 2], 0.935), Judge(1, [1, 0, 2], 0.97), Judge(2, [2, 0, 1], 0.99)];

        ReviewThresholds thresholds = ReviewFit.Find(allRight, accuracy: 0.95);

        Assert.Equal(0.93, thresholds.MinConfidence);
        Assert.Equal(0, ReviewShare.Of(allRight, thresholds).Review);
    }

    [Fact]
    public void AFewPicturesThatAreAllRightDoNotVouchForCertainty()
    {
        ScoredPicture[] scores = [.. Enumerable.Range(0, 30).Select(index => new ScoredPicture(
            new ListedPicture("", index % 3), [.. Enumerable.Range(0, 3).Select(label => label == index % 3 ? 9f : 0)], null))];

        IReadOnlyList<Judgement> judgements = Judgement.All(scores, TemperatureFit.Find(scores));

        // 31 of 32, as Platt's rule has it.
        Assert.All(judgements, judgement => Assert.Equal(0.96875, judgement.Confidence, 0.001));
    }

    static Judgement Judge(int truth, int[] top, double confidence) => new(new ListedPicture("", truth), truth, top, confidence, Margin: 1);
}
