using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>The products that a slot can expect: those of the planogram first, then the others that are known.</summary>
static class ProductList
{
    /// <summary>The maximum number of products of an answer. A person who sees more refines the search.</summary>
    public const int MaxFound = 200;

    /// <param name="search">Words that each must occur in the label, the name, the SKU or the GTIN. Null or empty finds all.</param>
    /// <param name="planogram">The planogram in force, or null.</param>
    /// <param name="known">The products that were taught and then those that the model knows. Those of the planogram may be among them.</param>
    public static IReadOnlyList<Product> Find(string? search, Planogram? planogram, IEnumerable<Product> known)
    {
        string[] words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
        [
            .. (planogram?.Products ?? []).Concat(known).GroupBy(product => product.Label).Select(WithAllDetails)
                .Where(product => product.Label != Planogram.EmptyLabel && words.All(word => Has(product, word))).Take(MaxFound),
        ];
    }

    /// <summary>A detail that the planogram leaves open is what was taught, or else what the model says.</summary>
    static Product WithAllDetails(IEnumerable<Product> same) => same.Aggregate((first, second) => first with
    {
        Name = first.Name ?? second.Name,
        Sku = first.Sku ?? second.Sku,
        Gtin = first.Gtin ?? second.Gtin,
    });

    static bool Has(Product product, string word) => new[] { product.Label, product.Name, product.Sku, product.Gtin }
        .Any(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);
}
