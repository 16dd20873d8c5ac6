namespace EdgeShelf.Shelf;

/// <summary>What belongs where: the products of the bay, and the product of each slot. It is joined with <see cref="SlotMap"/> by the slots' names.</summary>
/// <param name="Version">The version that the sender gave, as text.</param>
/// <param name="ValidFrom">The time from which the planogram applies, or null for at once.</param>
sealed record Planogram(string Name, string Version, DateTimeOffset? ValidFrom, IReadOnlyList<Product> Products, IReadOnlyList<Position> Positions)
{
    /// <summary>The label of a place without goods. A position cannot expect it.</summary>
    public const string EmptyLabel = "empty";

    public PlanogramId Id => new(Name, Version);

    /// <summary>What belongs in a slot, or null if nothing is expected there.</summary>
    public ExpectedProduct? ExpectedIn(string slot)
    {
        if (Positions.FirstOrDefault(position => position.Slot == slot) is not { } position)
            return null;
        Product? product = Products.FirstOrDefault(product => product.Label == position.Label);
        return new ExpectedProduct(position.Label, product?.Name, product?.Sku);
    }
}

/// <summary>The name and version of a planogram.</summary>
sealed record PlanogramId(string Name, string Version);

/// <summary>A product of the planogram.</summary>
/// <param name="Label">The label by which the product was taught.</param>
/// <param name="Name">The name for people, or null.</param>
/// <param name="Sku">The store's article number, or null.</param>
/// <param name="Gtin">The GTIN of the barcode, 8, 12, 13 or 14 digits with a valid check digit, or null.</param>
sealed record Product(string Label, string? Name, string? Sku, string? Gtin);

/// <summary>What belongs in one slot.</summary>
/// <param name="Shelf">The number of the shelf board, from 1 at the top, or null.</param>
/// <param name="Place">The number of the place on its shelf board, from 1 at the left, or null.</param>
/// <param name="Label">The label of the product.</param>
/// <param name="Facings">The number of facings that the slot shows, 1 or more.</param>
sealed record Position(string Slot, int? Shelf, int? Place, string Label, int Facings);

/// <summary>The product that belongs in a slot, as results and messages name it.</summary>
sealed record ExpectedProduct(string Label, string? Name, string? Sku);
