using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Documents;

/// <summary>A taught product in HTTP answers and in the output of verbs.</summary>
/// <param name="Examples">The number of its examples.</param>
record ProductEntry(string Label, string? Name, string? Sku, string? Gtin, int Examples)
{
    public static ProductEntry Of(string label, ExampleState state)
    {
        Product? product = state.Products.GetValueOrDefault(label);
        return new ProductEntry(label, product?.Name, product?.Sku, product?.Gtin, state.Examples.Count(example => example.Label == label));
    }

    /// <summary>All taught products. The examples are counted once, because there may be thousands of products.</summary>
    public static IReadOnlyList<ProductEntry> All(ExampleState state)
    {
        Dictionary<string, int> counts = state.Examples.GroupBy(example => example.Label).ToDictionary(group => group.Key, group => group.Count());
        return [.. state.Labels.Select(label => state.Products.GetValueOrDefault(label) is var product
            ? new ProductEntry(label, product?.Name, product?.Sku, product?.Gtin, counts.GetValueOrDefault(label)) : null!)];
    }
}

/// <summary>A product with its figures; see <see cref="ProductFigures"/>.</summary>
/// <param name="ExampleIds">The ids of its examples, oldest first.</param>
/// <param name="Right">How many of the judged examples the others recognize.</param>
/// <param name="Advice">What would help, in English sentences, the most useful first.</param>
/// <param name="AdviceCodes">The same as codes with values, in the same order.</param>
sealed record ProductDocument(
    string Label, string? Name, string? Sku, string? Gtin, int Examples, IReadOnlyList<long> ExampleIds, int Places, int Judged, int Right,
    IReadOnlyList<TakenForEntry> TakenFor, bool Enough, IReadOnlyList<string> Advice, IReadOnlyList<AdviceEntry> AdviceCodes, IReadOnlyList<SuspectEntry> Suspects, IReadOnlyList<DuplicateEntry> Duplicates,
    IReadOnlyList<SameProductEntry> SameAs) : ProductEntry(Label, Name, Sku, Gtin, Examples)
{
    public static ProductDocument Of(ProductFigures figures, ExampleState state)
    {
        Product? product = state.Products.GetValueOrDefault(figures.Label);
        return new ProductDocument(
            figures.Label, product?.Name, product?.Sku, product?.Gtin, figures.Examples.Count, figures.Examples, figures.Places, figures.Judged, figures.Right,
            [.. figures.TakenFor.Select(entry => new TakenForEntry(entry.Label, entry.Times))], figures.IsEnough, [.. figures.Advice.Select(advice => advice.Text)],
            [.. figures.Advice.Select(advice => new AdviceEntry(advice.Code, advice.Missed, advice.Judged, advice.LooksLike))],
            [.. figures.Suspects.Select(suspect => new SuspectEntry(suspect.Id, suspect.LooksLike))],
            [.. figures.Duplicates.Select(pair => new DuplicateEntry(pair.Older, pair.Newer))],
            [.. figures.SameAs.Select(same => new SameProductEntry(same.Label, same.Code, same.Reason))]);
    }
}

/// <param name="Label">What the examples were taken for, or null for "nothing known".</param>
sealed record TakenForEntry(string? Label, int Times);

/// <summary>What would help, as a code with its values; see <see cref="Figures.Advice"/>.</summary>
sealed record AdviceEntry(string Code, int? Missed, int? Judged, string? LooksLike);

/// <param name="Id">An example that is probably under the wrong label.</param>
sealed record SuspectEntry(long Id, string LooksLike);

/// <summary>Two examples that show the same.</summary>
sealed record DuplicateEntry(long Older, long Newer);

/// <summary>Another label that may be the same product.</summary>
/// <param name="Code">Why, as a code; see <see cref="SameProduct"/>.</param>
/// <param name="Reason">Why, as an English sentence.</param>
sealed record SameProductEntry(string Label, string Code, string Reason);
