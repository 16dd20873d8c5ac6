using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;

namespace EdgeShelf.Teaching.Training;

/// <summary>Which labels a head gets, which of its rows are trained, and in which part of the cross-validation each picture is left out.</summary>
/// <param name="Labels">All labels of the new head.</param>
/// <param name="Rows">For each label the row of the base's head that it begins with, or -1 for a row of zeros.</param>
/// <param name="Trained">The labels whose rows are trained.</param>
/// <param name="Folds">For each picture the fold in which it is left out, or -1 if its label is not trained.</param>
sealed record LabelPlan(IReadOnlyList<ClassLabel> Labels, IReadOnlyList<int> Rows, IReadOnlyList<int> Trained, IReadOnlyList<int> Folds)
{
    /// <summary>The number of parts of the cross-validation.</summary>
    public const int FoldCount = 5;

    /// <summary>The fewest visits of a label: one to learn from and one to be judged.</summary>
    const int FewestVisits = 2;

    readonly Dictionary<string, int> _indices = Labels.ToDictionary(label => label.Label, label => label.Index);

    public int IndexOf(string label) => _indices[label];

    /// <param name="known">The labels of the base that stay, with their rows there.</param>
    /// <param name="details">Returns what is known of a label's product, or null.</param>
    /// <param name="notes">Receives a sentence for each label that cannot be trained.</param>
    /// <exception cref="ConfigurationException">Fewer than two labels can be trained; the message says what each has.</exception>
    public static LabelPlan Of(
        IReadOnlyList<DescribedPicture> pictures, ReadOnlySpan<float> baseMean, IReadOnlyList<ClassLabel> known, Func<string, Product?> details, List<string> notes)
    {
        int[] visits = VisitGroups.Of(DescriptorProducts.Of([.. pictures.Select(picture => picture.Example)], baseMean));
        int[] folds = new int[pictures.Count];
        Array.Fill(folds, -1);
        List<string> trained = [];
        List<string> few = [];
        foreach (IGrouping<string, int> label in Enumerable.Range(0, pictures.Count).GroupBy(at => pictures[at].Label).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            int[] own = [.. label.Select(at => visits[at]).Distinct()];
            if (own.Length < FewestVisits)
            {
                few.Add($"{LabelText.Show(label.Key)} has {Count(label.Count(), "example")} of one visit");
                continue;
            }
            trained.Add(label.Key);
            // The largest visits first and each into the smallest fold, so that the folds are alike.
            int[] sizes = new int[FoldCount];
            foreach (int visit in own.OrderByDescending(visit => label.Count(at => visits[at] == visit)).ThenBy(visit => visit))
            {
                int fold = Array.IndexOf(sizes, sizes.Min());
                foreach (int at in label.Where(at => visits[at] == visit))
                {
                    folds[at] = fold;
                    sizes[fold]++;
                }
            }
        }
        if (trained.Count < 2)
        {
            throw new ConfigurationException(
                $"{Count(trained.Count, "product")} can be trained and 2 are needed: {(few.Count == 0 ? "nothing else was taught" : string.Join(", ", few))}.",
                "Teach at least two products, each in two places or ten minutes apart. From some twenty examples of each on, a trained model may be better than likeness.");
        }
        notes.AddRange(few.Select(reason => $"Not learned: {reason}; another place or another time is needed. It is still recognized by likeness."));

        List<ClassLabel> labels = [.. known.Select((label, index) => label with { Index = index })];
        List<int> rows = [.. known.Select(label => label.Index)];
        foreach (string label in trained.Where(label => known.All(other => other.Label != label)))
        {
            Product? product = details(label);
            labels.Add(new ClassLabel(labels.Count, label, product?.Name ?? label.Replace('-', ' '), product?.Sku));
            rows.Add(-1);
        }
        return new LabelPlan(labels, rows, [.. labels.Where(label => trained.Contains(label.Label)).Select(label => label.Index)], folds);
    }

    static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
