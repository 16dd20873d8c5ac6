using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>
/// Renames, merges, splits and removes products and removes examples. Each change can be taken back. One that would make the device worse is
/// made only if it is confirmed; a removal always is, because it is what was asked for. Thread-safe.
/// </summary>
sealed class ProductEditor(ExampleStore store, CropDescriber describer, LatestLook latest, LikenessThresholds thresholds)
{
    /// <summary>Gives a product another label, and its examples with it.</summary>
    /// <param name="details">The details under the new label, or null to keep them.</param>
    /// <exception cref="TeachingException">There is no such product, or there is one of the new label already.</exception>
    public ProductChange Rename(string label, string newLabel, Product? details, bool confirm)
    {
        string to = ProductText.ProductLabel(newLabel);
        RequireProduct(label);
        return Change(StepKinds.Rename, confirm, state =>
        {
            RequireKnown(state, label);
            if (to != label && state.Knows(to))
            {
                throw new TeachingException(
                    TeachingException.Conflict, $"There is a product {Show(to)} already.", $"If both are one product, merge {Show(label)} into it; otherwise choose another label.");
            }
            Product product = (details ?? state.Products.GetValueOrDefault(label) ?? new Product(to, null, null, null)) with { Label = to };
            List<ExampleEdit> edits = [];
            if (to != label)
                edits.AddRange([.. ExamplesOf(state, label).Select(example => new ExampleEdit.Relabel(example.Id, to)), .. Forget(state, label)]);
            if (state.Products.GetValueOrDefault(to) != product)
                edits.Add(new ExampleEdit.PutProduct(product));
            return new ExamplePlan(to == label ? $"Changed the details of {Show(to)}." : $"Renamed {Show(label)} to {Show(to)}.", edits);
        });
    }

    /// <summary>Makes two products one: all examples get the label of the second.</summary>
    /// <exception cref="TeachingException">There is no such product.</exception>
    public ProductChange Merge(string label, string into, bool confirm) => Change(StepKinds.Merge, confirm, state =>
    {
        RequireProduct(label);
        RequireKnown(state, label);
        RequireKnown(state, into);
        if (label == into)
            throw new TeachingException(TeachingException.BadProduct, $"{Show(label)} cannot be merged into itself.", "Name two products.");
        List<ExampleEdit> edits = [.. ExamplesOf(state, label).Select(example => new ExampleEdit.Relabel(example.Id, into)), .. Forget(state, label)];
        if (into != Planogram.EmptyLabel && state.Products.GetValueOrDefault(label) is { } from)
        {
            Product target = state.Products.GetValueOrDefault(into) ?? new Product(into, null, null, null);
            Product both = target with { Name = target.Name ?? from.Name, Sku = target.Sku ?? from.Sku, Gtin = target.Gtin ?? from.Gtin };
            if (both != state.Products.GetValueOrDefault(into))
                edits.Add(new ExampleEdit.PutProduct(both));
        }
        return new ExamplePlan($"Merged {Show(label)} into {Show(into)}.", edits);
    });

    /// <summary>Gaps that look like goods would never be told.</summary>
    static void RequireProduct(string label)
    {
        if (label == Planogram.EmptyLabel)
            throw new TeachingException(TeachingException.BadProduct, $"`{Planogram.EmptyLabel}` is how places look without goods, and no product.", "To teach it anew, remove it. Single examples of it can be moved to a product.");
    }

    /// <summary>Gives some examples of a product another label, an old or a new one.</summary>
    /// <param name="details">The details of the new product, or null.</param>
    /// <exception cref="TeachingException">There is no such product, or an example is not one of it.</exception>
    public ProductChange Split(string label, IReadOnlyList<long> examples, string newLabel, Product? details, bool confirm)
    {
        string to = ProductText.Label(newLabel);
        return Change(StepKinds.Split, confirm, state =>
        {
            RequireKnown(state, label);
            if (to == label || examples.Count == 0)
                throw new TeachingException(TeachingException.BadProduct, $"{examples.Count} examples of {Show(label)} cannot become {Show(to)}.", "Name one or more examples and another label.");
            foreach (long id in examples)
            {
                if (state.Find(id) is not { } example || example.Label != label)
                    throw new TeachingException(TeachingException.NotFound, $"{Show(label)} has no example {id}.", "Look at the product's examples again.");
            }
            List<ExampleEdit> edits = [.. examples.Distinct().Select(id => new ExampleEdit.Relabel(id, to))];
            if (details is not null && state.Products.GetValueOrDefault(to) != details)
                edits.Add(new ExampleEdit.PutProduct(details));
            return new ExamplePlan($"Moved {edits.OfType<ExampleEdit.Relabel>().Count()} examples of {Show(label)} to {Show(to)}.", edits);
        });
    }

    /// <summary>Removes a product with all its examples.</summary>
    /// <exception cref="TeachingException">There is no such product.</exception>
    public ProductChange Remove(string label) => Change(StepKinds.Remove, true, state =>
    {
        RequireKnown(state, label);
        TaughtExample[] examples = [.. ExamplesOf(state, label)];
        return new ExamplePlan($"Removed {Show(label)} with {examples.Length} examples.", [.. examples.Select(example => new ExampleEdit.Remove(example.Id)), .. Forget(state, label)]);
    });

    /// <summary>Removes examples.</summary>
    /// <exception cref="TeachingException">There is no such example.</exception>
    public ProductChange RemoveExamples(IReadOnlyList<long> ids) => Change(StepKinds.Remove, true, state =>
    {
        long[] distinct = [.. ids.Distinct()];
        string label = distinct.Length == 1 && state.Find(distinct[0]) is { } only ? $" of {Show(only.Label)}" : "";
        return new ExamplePlan($"Removed {distinct.Length} {(distinct.Length == 1 ? "example" : "examples")}{label}.", [.. distinct.Select(id => new ExampleEdit.Remove(id))]);
    });

    ProductChange Change(string kind, bool confirm, Func<ExampleState, ExamplePlan> decide)
    {
        TeachingEffect effect = TeachingEffect.None;
        string? model = describer.Model;
        ReadOnlyMemory<float> baseMean = model is null ? default : describer.BaseMean;
        ExampleChange change = store.Change(kind, state =>
        {
            ExamplePlan plan = decide(state);
            // Without a model nothing is compared, so nothing gets worse.
            if (model is not null && plan.Edits.Any(edit => edit is not ExampleEdit.PutProduct))
                effect = EffectMeter.Measure(state, store.Bounded(state, plan.Edits).After, latest.Now, model, baseMean.Span, thresholds, new HashSet<string>());
            return effect.Worse.Count > 0 && !confirm ? throw new WorseException(effect) : plan;
        });
        return new ProductChange(change, effect);
    }

    static void RequireKnown(ExampleState state, string label)
    {
        if (!state.Knows(label))
            throw new TeachingException(TeachingException.NotFound, $"There is no taught product {Show(label)}.", "GET /api/examples and `edgeshelf product list` name those that there are.");
    }

    static IEnumerable<TaughtExample> ExamplesOf(ExampleState state, string label) => state.Examples.Where(example => example.Label == label);

    static IEnumerable<ExampleEdit> Forget(ExampleState state, string label) => state.Products.ContainsKey(label) ? [new ExampleEdit.RemoveProduct(label)] : [];

    static string Show(string text) => Platform.PlainText.Shown(text, 60);
}

/// <summary>A change of products that was made.</summary>
/// <param name="Effect">What it does to the shelf.</param>
sealed record ProductChange(ExampleChange Change, TeachingEffect Effect);
