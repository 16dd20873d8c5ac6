using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching;

public sealed class LeaveOneOutTests
{
    static readonly LikenessThresholds Thresholds = new(0.4, 0.05, 0.3);
    static readonly DateTimeOffset Time = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The shortcut through inner products says the same as an index of the other examples.</summary>
    [Fact]
    public void EachExampleIsJudgedAsAnIndexOfTheOthersJudgesIt()
    {
        float[] mean = ExamplesInFolder.Descriptor(99).ToValues();
        TaughtExample[] examples = [.. Enumerable.Range(0, 30).Select(i => Example(i + 1, i % 6 == 5 ? Planogram.EmptyLabel : $"product-{i % 5}", $"slot-{i}", Near(i % 6, i, noise: 4)))];

        IReadOnlyList<LeftOut> judgements = LeaveOneOut.Of(DescriptorProducts.Of(examples, mean), Thresholds);

        Assert.Equal(30, judgements.Count);
        foreach (LeftOut judgement in judgements)
        {
            LikenessIndex others = new(
                [.. examples.Where(other => other.Id != judgement.Example.Id).Select(other => new Example(other.Id, other.Label, other.Slot, other.Descriptor))], mean);
            SlotJudgement direct = SlotJudge.Judge(
                others, judgement.Example.Descriptor.ToValues(), judgement.Example.Label == Planogram.EmptyLabel ? null : judgement.Example.Label, default, Thresholds);
            Assert.Equal(direct.Verdict, judgement.Judgement.Verdict);
            foreach ((LabelLikeness expected, LabelLikeness actual) in direct.Products.OrderBy(entry => entry.Label).Zip(judgement.Judgement.Products.OrderBy(entry => entry.Label)))
            {
                Assert.Equal(expected.Label, actual.Label);
                Assert.Equal(expected.Likeness, actual.Likeness, 0.001);
            }
        }
    }

    [Fact]
    public void ExamplesOfOneVisitDoNotJudgeEachOther()
    {
        TaughtExample[] examples =
        [
            Example(1, "milk", "1-01", Near(0, 1)), Example(2, "milk", "1-01", Near(0, 2)) with { TakenAt = Time + TimeSpan.FromMinutes(9) },
            Example(3, "juice", "1-02", Near(3, 3)), Example(4, "juice", "1-02", Near(3, 4)) with { TakenAt = Time + TimeSpan.FromHours(3) },
            Example(5, "cream", "1-03", Near(4, 5)),
        ];

        IReadOnlyList<LeftOut> judgements = LeaveOneOut.Of(DescriptorProducts.Of(examples, new float[64]), Thresholds);

        Assert.Equal([3, 4], judgements.Select(judgement => judgement.Example.Id));
    }

    [Fact]
    public void AnExampleUnderTheWrongLabelIsSuspected()
    {
        TaughtExample[] examples =
        [
            .. Enumerable.Range(0, 4).Select(i => Example(i + 1, "milk", $"m-{i}", Near(0, i))),
            .. Enumerable.Range(0, 4).Select(i => Example(i + 11, "juice", $"j-{i}", Near(3, i))),
            Example(21, "milk", "m-9", Near(3, 77)),
        ];

        TeachingFigures figures = FiguresOf(examples);

        ProductFigures milk = figures.Products.Single(product => product.Label == "milk");
        Assert.Equal([(21L, "juice")], milk.Suspects.Select(suspect => (suspect.Id, suspect.LooksLike)));
        Assert.Equal((5, 4, false), (milk.Judged, milk.Right, milk.IsEnough));
        Assert.Equal(("juice", 1), (milk.TakenFor[0].Label!, milk.TakenFor[0].Times));
        Assert.Empty(figures.Products.Single(product => product.Label == "juice").Suspects);
    }

    [Fact]
    public void WhatWouldHelpIsSaidInWords()
    {
        TaughtExample[] examples =
        [
            Example(1, "one", "1-01", Near(0, 1)),
            Example(2, "same-place", "1-02", Near(3, 2)), Example(3, "same-place", "1-02", Near(3, 3)) with { TakenAt = Time.AddDays(1) },
            Example(4, "enough", "1-03", Near(5, 4)), Example(5, "enough", "1-04", Near(5, 5)) with { TakenAt = Time.AddHours(9) },
        ];

        TeachingFigures figures = FiguresOf(examples);

        Assert.Equal([("enough", true), ("one", false), ("same-place", false)], figures.Products.Select(product => (product.Label, product.IsEnough)));
        Assert.Contains("second time", figures.Products[1].Advice[0].Text, StringComparison.Ordinal);
        Assert.Contains("another place", figures.Products[2].Advice[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void NearDuplicatesAndOneProductUnderTwoNamesAreNamed()
    {
        TaughtExample[] examples =
        [
            Example(1, "milk", "1-01", Near(0, 1)), Example(2, "milk", "1-02", Near(0, 1)), Example(3, "Milk!", "1-03", Near(4, 3)),
            Example(4, "tomato", "1-04", Near(3, 4)), Example(5, "Tomate", "1-05", Near(3, 4)),
        ];

        TeachingFigures figures = FiguresOf(examples);

        Assert.Equal([(1, 2)], figures.Products.Single(product => product.Label == "milk").Duplicates);
        Assert.Equal(["Milk!"], figures.Products.Single(product => product.Label == "milk").SameAs.Select(same => same.Label));
        Assert.Equal(["Tomate"], figures.Products.Single(product => product.Label == "tomato").SameAs.Select(same => same.Label));
    }

    [Fact]
    public void TwoLabelsWithOneNameAreOneProduct()
    {
        ExampleState state = ExampleState.None.After([new ExampleEdit.PutProduct(new Product("a-1", "Milk 1 l", null, null)), new ExampleEdit.PutProduct(new Product("b-2", "MILK 1 l", null, null))]);

        TeachingFigures figures = TeachingFigures.Of(state, ExamplesInFolder.Model, new float[64], Thresholds);

        Assert.All(figures.Products, product => Assert.StartsWith("They have the same name", Assert.Single(product.SameAs).Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void TwoLabelsWithOneGtinAreOneProduct()
    {
        ExampleState state = ExampleState.None.After(
        [
            new ExampleEdit.PutProduct(new Product("milk", null, null, "4006381333931")), new ExampleEdit.PutProduct(new Product("Milch", null, null, "04006381333931")),
        ]);

        TeachingFigures figures = TeachingFigures.Of(state, ExamplesInFolder.Model, new float[64], Thresholds);

        Assert.All(figures.Products, product => Assert.Contains("GTIN", Assert.Single(product.SameAs).Reason, StringComparison.Ordinal));
    }

    static TeachingFigures FiguresOf(TaughtExample[] examples) =>
        TeachingFigures.Of(ExampleState.None with { Examples = [.. examples] }, ExamplesInFolder.Model, new float[64], Thresholds);

    static TaughtExample Example(long id, string label, string slot, float[] values) =>
        new(id, label, slot, Time, ExampleSources.Http, $"{id}", 1000, ExamplesInFolder.Model, CompactDescriptor.Of(values));

    /// <summary>A descriptor near the one of a cluster.</summary>
    static float[] Near(int cluster, int seed, float noise = 1)
    {
        Random random = new(seed);
        float[] values = new float[64];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i / 8 == cluster ? 4f : 0.5f) + (noise * random.NextSingle());
        return values;
    }
}
