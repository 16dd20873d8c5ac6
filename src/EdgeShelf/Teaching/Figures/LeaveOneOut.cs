using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Figures;

/// <summary>
/// Judges each example by all others, as if it were a slot in which its own product is expected. Examples that show the same visit are left
/// out together with it, because one of them would recognize the other whatever the product looks like.
/// </summary>
static class LeaveOneOut
{
    /// <summary>The time within which examples of one place belong to one visit.</summary>
    public static readonly TimeSpan Visit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The cosine from which two examples count as near duplicates: the camera's noise, and nothing new. Measured: two frames of a place that does
    /// not change .975 to .997 (a film, JPEG); two facings of one product .98 at most and .86 in the middle; different products .87 at most (one bay).
    /// </summary>
    public const double NearDuplicate = 0.98;

    /// <returns>One judgement for each example that other examples of its label can judge, in the order of the examples.</returns>
    public static IReadOnlyList<LeftOut> Of(DescriptorProducts products, LikenessThresholds thresholds)
    {
        string[] labels = [.. products.Examples.Select(example => example.Label).Distinct().Order(StringComparer.Ordinal)];
        int[] labelOf = [.. products.Examples.Select(example => Array.BinarySearch(labels, example.Label, StringComparer.Ordinal))];
        double[] sums = [.. Enumerable.Range(0, products.Count).Select(i => Enumerable.Range(0, products.Count).Sum(k => products.Of(i, k)))];
        List<LeftOut> judged = [];
        for (int i = 0; i < products.Count; i++)
        {
            HashSet<int> without = [i, .. Enumerable.Range(0, products.Count).Where(k => labelOf[k] == labelOf[i] && BelongTogether(products, i, k))];
            if (!Enumerable.Range(0, products.Count).Any(k => labelOf[k] == labelOf[i] && !without.Contains(k)))
                continue;
            TaughtExample example = products.Examples[i];
            SlotJudgement judgement = SlotJudge.Judge(
                labels, Likeness(products, sums, i, without, labelOf, labels.Length), example.Label == Planogram.EmptyLabel ? null : example.Label, default, thresholds);
            bool isRight = example.Label == Planogram.EmptyLabel ? judgement.Seen == Planogram.EmptyLabel : judgement.Verdict == Verdict.Match;
            judged.Add(new LeftOut(example, judgement, isRight));
        }
        return judged;
    }

    /// <summary>Whether two examples of one label show the same visit: the same place within <see cref="Visit"/>, or near duplicates.</summary>
    internal static bool BelongTogether(DescriptorProducts products, int i, int k)
    {
        (TaughtExample a, TaughtExample b) = (products.Examples[i], products.Examples[k]);
        return (a.Slot is not null && a.Slot == b.Slot && (a.TakenAt - b.TakenAt).Duration() <= Visit) || products.Cosine(i, k) >= NearDuplicate;
    }

    /// <summary>
    /// The likeness of one example to each label, as <see cref="LikenessIndex"/> computes it from the others. With the sum S of what the
    /// centre is made of, mu = S / M, and (a - mu)(b - mu) = ab - (aS + bS) / M + SS / M².
    /// </summary>
    static float[] Likeness(DescriptorProducts products, double[] sums, int i, HashSet<int> without, int[] labelOf, int labels)
    {
        const double BaseWeight = LikenessIndex.BaseWeight;
        double weight = products.Count - without.Count + BaseWeight;
        double[] withSum = new double[products.Count];
        double sumSquared = BaseWeight * BaseWeight * products.MeanSquared;
        for (int k = 0; k < products.Count; k++)
        {
            withSum[k] = sums[k] - without.Sum(left => products.Of(k, left)) + (BaseWeight * products.WithMean(k));
            if (!without.Contains(k))
                sumSquared += withSum[k] + (BaseWeight * products.WithMean(k));
        }
        double centre = sumSquared / (weight * weight);
        float[] likeness = new float[labels];
        Array.Fill(likeness, -1);
        double own = LengthOf(i);
        for (int k = 0; k < products.Count; k++)
        {
            if (without.Contains(k))
                continue;
            double lengths = own * LengthOf(k);
            double cosine = lengths > 0 ? (products.Of(i, k) - ((withSum[i] + withSum[k]) / weight) + centre) / lengths : 0;
            likeness[labelOf[k]] = Math.Max(likeness[labelOf[k]], (float)cosine);
        }
        return likeness;

        double LengthOf(int k) => Math.Sqrt(Math.Max(0, products.Of(k, k) - (2 * withSum[k] / weight) + centre));
    }
}

/// <summary>What the other examples say of one example.</summary>
/// <param name="IsRight">Whether its own product passes, or the place passes as empty.</param>
sealed record LeftOut(TaughtExample Example, SlotJudgement Judgement, bool IsRight)
{
    /// <summary>The label that it was taken for, or null if it was right or nothing passed.</summary>
    public string? TakenFor => IsRight ? null : Judgement.Seen;
}
