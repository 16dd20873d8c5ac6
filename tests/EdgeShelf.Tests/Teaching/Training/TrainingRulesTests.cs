using EdgeShelf.Models.Making.Training;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Teaching.Training;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching.Training;

/// <summary>The rules of a training that need no network.</summary>
public sealed class TrainingRulesTests
{
    [Theory]
    [InlineData(5, 0, true, 0.0313)]
    [InlineData(4, 0, false, 0.0625)]
    [InlineData(7, 1, true, 0.0352)]
    [InlineData(6, 1, false, 0.0625)]
    [InlineData(9, 2, true, 0.0327)]
    [InlineData(0, 0, false, 1)]
    [InlineData(1, 1, false, 0.75)]
    [InlineData(0, 5, false, 1)]
    [InlineData(2000, 1800, true, 0.0006)]
    public void AWinIsOneThatChanceExplainsInFiveOfAHundredCasesAtMost(int wins, int losses, bool isWon, double chance)
    {
        Assert.Equal(chance, PairedTest.Chance(wins, losses), 0.0002);
        Assert.Equal(isWon, PairedTest.IsWon(wins, losses));
    }

    [Fact]
    public void ExamplesOfOneVisitAreOneGroupAlsoThroughOthers()
    {
        DateTimeOffset morning = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        TaughtExample[] examples =
        [
            Example(1, "tea", "1-01", morning, 1), Example(2, "tea", "1-01", morning.AddMinutes(9), 2), Example(3, "tea", "1-01", morning.AddMinutes(18), 3),
            Example(4, "tea", "1-02", morning, 4), Example(5, "tea", "1-03", morning, 4), Example(6, "milk", "1-01", morning, 5), Example(7, "tea", "1-01", morning.AddDays(1), 6),
        ];

        int[] groups = VisitGroups.Of(DescriptorProducts.Of(examples, new float[64]));

        Assert.Equal(groups[0], groups[1]);
        Assert.Equal(groups[0], groups[2]);
        Assert.Equal(groups[3], groups[4]);
        Assert.Equal(4, groups.Distinct().Count());
    }

    [Fact]
    public void NewRowsDoNotTakeThePicturesOfRowsThatStay()
    {
        // Each class has two features of its own, and all share the rest.
        const int Old = 4, Features = 12;
        Random random = new(1);
        float[] Picture(int label) => [.. Enumerable.Range(0, Features).Select(index => (float)((index / 2 == label ? 2 : 0.2) * (0.5 + random.NextDouble())))];
        (float[] Features, int Label)[] old = [.. Enumerable.Range(0, 80).Select(at => (Picture(at % Old), at % Old))];
        LinearHead known = SoftmaxRegression.Fit([.. old.Select(entry => entry.Features)], [.. old.Select(entry => entry.Label)], Old, TestContext.Current.CancellationToken);
        LinearHead start = known.Rows([0, 1, 2, 3, -1]);
        float[][] added = [.. Enumerable.Range(0, 20).Select(_ => Picture(Old))];
        float[] mean = [.. Enumerable.Range(0, Features).Select(index => added.Average(row => row[index]))];
        float[][] stand = RowPictures.Of(known, mean);

        LinearHead head = RowTrainer.Fit([.. added, .. stand], [.. Enumerable.Repeat(Old, added.Length), .. Enumerable.Range(0, Old)], start, [Old], TestContext.Current.CancellationToken);
        LinearHead alone = RowTrainer.Fit(added, [.. Enumerable.Repeat(Old, added.Length)], start, [Old], TestContext.Current.CancellationToken);

        Assert.Equal(known.Logits(old[0].Features), head.Logits(old[0].Features)[..Old]);
        Assert.InRange(old.Count(entry => Best(head.Logits(entry.Features)) == entry.Label), old.Length * 9 / 10, old.Length);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(Old, Best(head.Logits(Picture(Old)))));
        // Without them the new row takes all.
        Assert.True(old.Count(entry => Best(alone.Logits(entry.Features)) == Old) > old.Length / 2);
    }

    [Fact]
    public void AClassOfFewPicturesCountsAsMuchAsOneOfMany()
    {
        // The two classes overlap: whichever counts more takes the middle.
        float[][] features = [.. Enumerable.Range(0, 95).Select(at => new[] { 0.4f + (at % 2 * 0.4f) }), .. Enumerable.Range(0, 5).Select(at => new[] { 0.6f + (at % 2 * 0.4f) })];
        int[] labels = [.. Enumerable.Repeat(0, 95), .. Enumerable.Repeat(1, 5)];

        LinearHead head = RowTrainer.Fit(features, labels, new LinearHead(new float[2], new float[2]), [0, 1], TestContext.Current.CancellationToken);

        Assert.Equal(0, Best(head.Logits([0.4f])));
        Assert.Equal(1, Best(head.Logits([0.95f])));
    }

    [Theory]
    [InlineData("""{"step":"Learning","progress":0.5}""", "Learning", 0.5)]
    [InlineData("""{"at":"2026-11-25T08:00:00Z","model":null}""", null, 0)]
    [InlineData("no json", null, 0)]
    [InlineData("[1]", null, 0)]
    [InlineData("""{"step":1,"progress":"x"}""", null, 0)]
    public void OnlyLinesOfProgressChangeTheState(string line, string? step, double progress)
    {
        TrainingState state = new TrainingState(TrainingState.Running).After(line);

        Assert.Equal((TrainingState.Running, step, progress), (state.State, state.Step, state.Progress));
    }

    static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());

    static TaughtExample Example(long id, string label, string slot, DateTimeOffset at, int seed) =>
        new(id, label, slot, at, ExampleSources.Http, $"{id}", 1, ExamplesInFolder.Model, ExamplesInFolder.Descriptor(seed));
}
