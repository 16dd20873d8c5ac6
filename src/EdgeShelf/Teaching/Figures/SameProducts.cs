using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Figures;

/// <summary>Finds labels that may be one product under two names, by their numbers, their spelling and their looks.</summary>
sealed class SameProducts
{
    readonly Dictionary<string, List<SameProduct>> _same = [];

    public SameProducts(ExampleState state, DescriptorProducts products, IReadOnlyList<LeftOut> judgements)
    {
        foreach (IGrouping<string, Product> group in state.Products.Values.Where(product => product.Gtin is not null).GroupBy(product => product.Gtin!.PadLeft(14, '0')))
            AddAll(group.Select(product => product.Label), SameProductCodes.SameGtin, $"They have the same GTIN, {group.First().Gtin}.");
        foreach (IGrouping<string, Product> group in state.Products.Values.Where(product => product.Sku is not null).GroupBy(product => product.Sku!))
            AddAll(group.Select(product => product.Label), SameProductCodes.SameSku, $"They have the same SKU, {group.Key}.");
        foreach (IGrouping<string, Product> group in state.Products.Values.Where(product => product.Name is not null).GroupBy(product => product.Name!, StringComparer.OrdinalIgnoreCase))
            AddAll(group.Select(product => product.Label), SameProductCodes.SameName, $"They have the same name, {Platform.PlainText.Shown(group.Key, 60)}.");
        foreach (IGrouping<string, string> group in state.Labels.GroupBy(Spelling).Where(group => group.Key.Length > 0))
            AddAll(group, SameProductCodes.AlikeLabels, "Their labels differ only in signs, spaces or the size of letters.");
        AddAlike(products, judgements);
    }

    public IReadOnlyList<SameProduct> Of(string label) => _same.TryGetValue(label, out List<SameProduct>? same) ? same : [];

    /// <summary>Two labels look the same if most of each one's examples are more like the other one, or if an example of one is a near duplicate of one of the other.</summary>
    void AddAlike(DescriptorProducts products, IReadOnlyList<LeftOut> judgements)
    {
        Dictionary<(string, string), int> confused = [];
        Dictionary<string, int> judged = [];
        foreach (LeftOut judgement in judgements.Where(judgement => judgement.Example.Label != Planogram.EmptyLabel))
        {
            judged[judgement.Example.Label] = judged.GetValueOrDefault(judgement.Example.Label) + 1;
            if (judgement.Judgement.Other is { } other && other.Likeness > (judgement.Judgement.Expected ?? -1))
                confused[(judgement.Example.Label, other.Label)] = confused.GetValueOrDefault((judgement.Example.Label, other.Label)) + 1;
        }
        foreach (((string a, string b), int times) in confused)
        {
            if (string.CompareOrdinal(a, b) < 0 && times * 2 >= judged[a] && confused.TryGetValue((b, a), out int back) && back * 2 >= judged[b])
                AddAll([a, b], SameProductCodes.AlikeExamples, "Most of their examples look more like each other than like their own.");
        }
        for (int i = 0; i < products.Count; i++)
        {
            for (int k = i + 1; k < products.Count; k++)
            {
                (string a, string b) = (products.Examples[i].Label, products.Examples[k].Label);
                if (a != b && a != Planogram.EmptyLabel && b != Planogram.EmptyLabel && products.Cosine(i, k) >= LeaveOneOut.NearDuplicate)
                    AddAll([a, b], SameProductCodes.SameExample, $"Examples {products.Examples[i].Id} and {products.Examples[k].Id} show the same.");
            }
        }
    }

    void AddAll(IEnumerable<string> labels, string code, string reason)
    {
        string[] all = [.. labels.Where(label => label != Planogram.EmptyLabel)];
        foreach (string label in all)
        {
            if (!_same.TryGetValue(label, out List<SameProduct>? same))
                _same[label] = same = [];
            same.AddRange(all.Where(other => other != label && same.All(known => known.Label != other)).Select(other => new SameProduct(other, code, reason)));
        }
    }

    static string Spelling(string label) => new([.. label.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}

/// <summary>Why two labels may be one product. More may be added.</summary>
static class SameProductCodes
{
    public const string SameGtin = "same-gtin";
    public const string SameSku = "same-sku";
    public const string SameName = "same-name";
    public const string AlikeLabels = "alike-labels";
    public const string AlikeExamples = "alike-examples";
    public const string SameExample = "same-example";
}
