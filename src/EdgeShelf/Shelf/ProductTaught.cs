namespace EdgeShelf.Shelf;

/// <summary>A product got examples, as `product-taught` reports it.</summary>
/// <param name="Added">The number of new examples.</param>
/// <param name="Examples">The number of its examples now.</param>
/// <param name="Slots">The slots in which the new examples were seen. Empty if they came from files.</param>
/// <param name="Source">Who taught it: `page`, `http`, `request` or `verb`.</param>
sealed record ProductTaught(string Label, string? Name, string? Sku, string? Gtin, int Added, int Examples, IReadOnlyList<string> Slots, string Source);
