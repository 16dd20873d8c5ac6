using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Recognition.Plan;

public sealed class ProductListTests
{
    static readonly Planogram Planogram = new("bay", "1", null, [new Product("tea", "Tea", "12", null)], [new Position("a", null, null, "tea", 1)]);

    /// <summary>Staff teach the barcode of a product that the backend sent without one, and scan it again later.</summary>
    [Fact]
    public void WhatThePlanogramLeavesOpenIsWhatWasTaught()
    {
        Product[] known = [new("tea", "Green tea", null, "4006381333931"), new("jam", null, null, null), new("jam", "Jam", null, null)];

        Assert.Equal(new Product("tea", "Tea", "12", "4006381333931"), Assert.Single(ProductList.Find("4006381333931", Planogram, known)));
        Assert.Equal([new Product("tea", "Tea", "12", "4006381333931"), new Product("jam", "Jam", null, null)], ProductList.Find(null, Planogram, known));
    }

    [Fact]
    public void WhereThereAreTooManyTheLastAreLeftOut()
    {
        Product[] taught = [.. Enumerable.Range(0, 10).Select(i => new Product($"z{i}", null, null, null))];
        Product[] models = [.. Enumerable.Range(0, ProductList.MaxFound).Select(i => new Product($"a{i:000}", null, null, null))];

        IReadOnlyList<Product> found = ProductList.Find("", null, taught.Concat(models));

        Assert.Equal(ProductList.MaxFound, found.Count);
        Assert.Equal(taught, found.Take(taught.Length));
    }
}
