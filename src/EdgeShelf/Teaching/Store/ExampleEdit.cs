using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Store;

/// <summary>One part of a change. A change is a list of edits that are made together or not at all.</summary>
abstract record ExampleEdit
{
    /// <summary>Adds an example under the next id.</summary>
    public sealed record Add(NewExample Example) : ExampleEdit;

    public sealed record Remove(long Id) : ExampleEdit;

    /// <summary>Gives an example another label.</summary>
    public sealed record Relabel(long Id, string Label) : ExampleEdit;

    /// <summary>Keeps a product's name, SKU and GTIN, or replaces them.</summary>
    public sealed record PutProduct(Product Product) : ExampleEdit;

    public sealed record RemoveProduct(string Label) : ExampleEdit;
}

/// <summary>A change that can be taken back.</summary>
/// <param name="Seq">Its number; later steps have larger ones.</param>
/// <param name="Kind">What was done; one of <see cref="StepKinds"/>.</param>
/// <param name="Summary">What was done, as a sentence for people.</param>
sealed record TeachingStep(long Seq, DateTimeOffset At, string Kind, string Summary);

static class StepKinds
{
    public const string Add = "add";
    public const string Remove = "remove";
    public const string Rename = "rename";
    public const string Merge = "merge";
    public const string Split = "split";
    public const string Import = "import";
}
