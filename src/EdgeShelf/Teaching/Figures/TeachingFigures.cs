using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Figures;

/// <summary>How well the products are taught, from their examples alone.</summary>
/// <param name="Judgements">What the other examples say of each example.</param>
sealed record TeachingFigures(IReadOnlyList<ProductFigures> Products, IReadOnlyList<LeftOut> Judgements)
{
    public int Judged => Judgements.Count;

    public int Right => Judgements.Count(judgement => judgement.IsRight);

    /// <param name="state">Examples and products.</param>
    /// <param name="model">The <see cref="Models.LoadedModel.DescriptorSource"/> of the model in use. Examples of another source are counted and not judged.</param>
    /// <param name="baseMean">The mean descriptor of the model in use.</param>
    public static TeachingFigures Of(ExampleState state, string? model, ReadOnlySpan<float> baseMean, LikenessThresholds thresholds)
    {
        DescriptorProducts products = ProductsOf(state, model, baseMean);
        IReadOnlyList<LeftOut> judgements = LeaveOneOut.Of(products, thresholds);
        SameProducts same = new(state, products, judgements);
        return new TeachingFigures([.. state.Labels.Select(label => Of(label, state, products, judgements, same))], judgements);
    }

    /// <summary>Judges each example by the others, without the figures of each product.</summary>
    public static IReadOnlyList<LeftOut> Judge(ExampleState state, string? model, ReadOnlySpan<float> baseMean, LikenessThresholds thresholds) =>
        LeaveOneOut.Of(ProductsOf(state, model, baseMean), thresholds);

    static DescriptorProducts ProductsOf(ExampleState state, string? model, ReadOnlySpan<float> baseMean)
    {
        int length = baseMean.Length;
        return DescriptorProducts.Of([.. state.Examples.Where(example => example.Model == model && example.Descriptor.Length == length)], baseMean);
    }

    static ProductFigures Of(string label, ExampleState state, DescriptorProducts products, IReadOnlyList<LeftOut> judgements, SameProducts same)
    {
        TaughtExample[] examples = [.. state.Examples.Where(example => example.Label == label)];
        LeftOut[] own = [.. judgements.Where(judgement => judgement.Example.Label == label)];
        Suspect[] suspects = [.. own.Where(judgement => judgement is { IsRight: false, TakenFor: not null }).Select(judgement => new Suspect(judgement.Example.Id, judgement.TakenFor!))];
        TakenFor[] takenFor = [.. own.Where(judgement => !judgement.IsRight).GroupBy(judgement => judgement.TakenFor)
            .Select(group => new TakenFor(group.Key, group.Count())).OrderByDescending(entry => entry.Times).ThenBy(entry => entry.Label, StringComparer.Ordinal)];
        int right = own.Count(judgement => judgement.IsRight);
        (bool isEnough, IReadOnlyList<Advice> advice) = TeachingAdvice.For(label, examples, own.Length, right, takenFor);
        return new ProductFigures(
            label, [.. examples.Select(example => example.Id)], examples.Select(example => example.Slot).OfType<string>().Distinct().Count(), own.Length, right, takenFor, isEnough, advice,
            suspects, DuplicatesOf(label, products), same.Of(label));
    }

    static (long Older, long Newer)[] DuplicatesOf(string label, DescriptorProducts products)
    {
        int[] own = [.. Enumerable.Range(0, products.Count).Where(i => products.Examples[i].Label == label)];
        return [.. own.SelectMany(i => own.Where(k => k > i && products.Cosine(i, k) >= LeaveOneOut.NearDuplicate).Select(k => (products.Examples[i].Id, products.Examples[k].Id)))];
    }
}
