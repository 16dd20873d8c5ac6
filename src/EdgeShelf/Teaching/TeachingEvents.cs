using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>
/// Says which products were taught, by whomever: the page, a request or a verb in another process. It compares the examples before and after
/// each change.
/// </summary>
sealed class TeachingEvents
{
    readonly ExampleStore _store;
    readonly Lock _gate = new();
    ExampleState? _before;

    public TeachingEvents(ExampleStore store)
    {
        _store = store;
        // What was read before this object was made is no news either.
        _before = ReferenceEquals(store.Now, ExampleState.None) ? null : store.Now;
        store.Changed += Compare;
        store.Lost += message => Lost?.Invoke(message);
    }

    /// <summary>Raised for each product that got examples, on the thread that made or noticed the change. Handlers must return quickly.</summary>
    public event Action<ProductTaught>? Taught;

    /// <summary>Raised when the examples were damaged and are gone. The argument says so in a sentence.</summary>
    public event Action<string>? Lost;

    void Compare()
    {
        ExampleState now = _store.Now;
        ExampleState? before;
        lock (_gate)
            (before, _before) = (_before, now);
        // What is read at the start was taught before.
        if (before is null)
            return;
        // What a step that was taken back restores has an older id, so it is not new.
        foreach (IGrouping<string, TaughtExample> added in now.Examples.Where(example => example.Id >= before.NextId).GroupBy(example => example.Label))
        {
            Product? product = now.Products.GetValueOrDefault(added.Key);
            Taught?.Invoke(new ProductTaught(
                added.Key, product?.Name, product?.Sku, product?.Gtin, added.Count(), now.Examples.Count(example => example.Label == added.Key),
                [.. added.Select(example => example.Slot).OfType<string>().Distinct()], added.First().Source));
        }
    }
}
