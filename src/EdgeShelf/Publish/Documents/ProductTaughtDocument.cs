using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Documents;

/// <summary>The data of the event `product-taught`.</summary>
/// <param name="Added">The number of new examples.</param>
/// <param name="Examples">The number of the product's examples now.</param>
/// <param name="Slots">The slots in which the new examples were seen. Empty if they came from files.</param>
/// <param name="By">Who taught it: `page`, `http`, `request` or `verb`.</param>
sealed record ProductTaughtDocument(string Label, string? Name, string? Sku, string? Gtin, int Added, int Examples, IReadOnlyList<string> Slots, string By)
{
    public static ProductTaughtDocument Of(ProductTaught taught) =>
        new(taught.Label, taught.Name, taught.Sku, taught.Gtin, taught.Added, taught.Examples, taught.Slots, taught.Source);
}
