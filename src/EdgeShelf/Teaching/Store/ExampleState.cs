using System.Collections.Immutable;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Store;

/// <summary>All that was taught, at one moment. It is immutable: a change makes a new state.</summary>
/// <param name="Version">A number that increases with each change on this device.</param>
/// <param name="NextId">The id of the next example.</param>
/// <param name="Examples">The examples, in the order of their ids.</param>
/// <param name="Products">The products that were named at the shelf, by label. Others are declared by a planogram.</param>
/// <param name="Steps">What can be taken back, oldest first.</param>
sealed record ExampleState(
    long Version, long NextId, ImmutableArray<TaughtExample> Examples, ImmutableSortedDictionary<string, Product> Products, ImmutableArray<TeachingStep> Steps)
{
    public static ExampleState None { get; } = new(0, 1, [], ImmutableSortedDictionary.Create<string, Product>(StringComparer.Ordinal), []);

    /// <summary>The taught labels and those of the products, in ordinal order. <see cref="Planogram.EmptyLabel"/> is among them if it was taught.</summary>
    public IReadOnlyList<string> Labels => [.. Examples.Select(example => example.Label).Concat(Products.Keys).Distinct().Order(StringComparer.Ordinal)];

    public bool Knows(string label) => Products.ContainsKey(label) || Examples.Any(example => example.Label == label);

    public TaughtExample? Find(long id) => Examples.FirstOrDefault(example => example.Id == id);

    /// <summary>
    /// Returns the labels that an earlier state knew and this one does not, each with the label that its examples have now: products that were renamed or merged. A product
    /// without examples, or whose examples went apart, is not among them.
    /// </summary>
    public IReadOnlyDictionary<string, string> RenamedSince(ExampleState before)
    {
        Dictionary<long, string> labels = Examples.ToDictionary(example => example.Id, example => example.Label);
        return before.Examples.Where(example => labels.ContainsKey(example.Id) && !Knows(example.Label))
            .GroupBy(example => example.Label, example => labels[example.Id])
            .Where(group => group.Distinct().Count() == 1)
            .ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>Returns the examples and products as they are after the edits, without writing anything.</summary>
    /// <exception cref="TeachingException">There is no such example.</exception>
    public ExampleState After(IEnumerable<ExampleEdit> edits)
    {
        List<TaughtExample> examples = [.. Examples];
        ImmutableSortedDictionary<string, Product>.Builder products = Products.ToBuilder();
        long next = NextId;
        foreach (ExampleEdit edit in edits)
        {
            switch (edit)
            {
                case ExampleEdit.Add(var added):
                    examples.Add(new TaughtExample(
                        next++, added.Label, added.Slot, WholeMilliseconds(added.TakenAt), added.Source, added.CropSha256, added.Crop.Length, added.Model, added.Descriptor));
                    break;
                case ExampleEdit.Remove(var id):
                    examples.RemoveAt(IndexOf(examples, id));
                    break;
                case ExampleEdit.Relabel(var id, var label):
                    int at = IndexOf(examples, id);
                    examples[at] = examples[at] with { Label = label };
                    break;
                case ExampleEdit.PutProduct(var product):
                    products[product.Label] = product;
                    break;
                case ExampleEdit.RemoveProduct(var label):
                    products.Remove(label);
                    break;
                default:
                    throw new ArgumentException($"{edit.GetType().Name} is not an edit that is known.", nameof(edits));
            }
        }
        return this with { NextId = next, Examples = [.. examples], Products = products.ToImmutable() };
    }

    static DateTimeOffset WholeMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    static int IndexOf(List<TaughtExample> examples, long id)
    {
        int at = examples.FindIndex(example => example.Id == id);
        return at >= 0 ? at : throw new TeachingException(TeachingException.NotFound, $"There is no example {id}.", "It was removed or dropped in the meantime. GET /api/examples lists those that there are.");
    }
}
