using System.Numerics.Tensors;
using EdgeShelf.Models;
using EdgeShelf.Models.Making.Training;

namespace EdgeShelf.Teaching.Training;

/// <summary>Fits the trained rows of a head to some of the pictures. What the head knew before takes part, so that the new rows do not take its pictures.</summary>
sealed class HeadFit
{
    readonly IReadOnlyList<DescribedPicture> _pictures;
    readonly LabelPlan _plan;
    readonly LinearHead _start;
    readonly List<(float[] Features, int Class)> _known = [];

    /// <param name="origin">The last layer of the base.</param>
    /// <param name="examples">The pictures that the base keeps of its products, or null.</param>
    public HeadFit(IReadOnlyList<DescribedPicture> pictures, LabelPlan plan, LinearHead origin, Prototypes? examples)
    {
        (_pictures, _plan, _start) = (pictures, plan, origin.Rows(plan.Rows));
        int[] kept = [.. plan.Labels.Where(label => plan.Rows[label.Index] >= 0).Select(label => label.Index)];
        if (kept.Length == 0)
            return;
        float[][] stand = RowPictures.Of(_start.Rows(kept), Mean(pictures));
        _known.AddRange(kept.Select((label, at) => (stand[at], label)));
        for (int example = 0; example < (examples?.Count ?? 0); example++)
        {
            if (plan.Rows.IndexOf(examples!.Classes[example]) is >= 0 and var label)
                _known.Add((examples.Example(example), label));
        }
    }

    /// <param name="fold">The fold that is left out, or null to learn from all pictures.</param>
    public LinearHead Without(int? fold, CancellationToken cancellationToken)
    {
        List<float[]> features = [];
        List<int> labels = [];
        for (int at = 0; at < _pictures.Count; at++)
        {
            if (_plan.Folds[at] < 0 || _plan.Folds[at] == fold)
                continue;
            features.AddRange(_pictures[at].Features);
            labels.AddRange(Enumerable.Repeat(_plan.IndexOf(_pictures[at].Label), _pictures[at].Features.Length));
        }
        foreach ((float[] known, int label) in _known)
        {
            features.Add(known);
            labels.Add(label);
        }
        return RowTrainer.Fit(features, labels, _start, _plan.Trained, cancellationToken);
    }

    static float[] Mean(IReadOnlyList<DescribedPicture> pictures)
    {
        float[] mean = new float[pictures[0].Plain.Length];
        foreach (DescribedPicture picture in pictures)
            TensorPrimitives.Add(mean, picture.Plain, mean);
        TensorPrimitives.Divide(mean, pictures.Count, mean);
        return mean;
    }
}

static class RowLists
{
    /// <summary>The position of the first equal value, or -1.</summary>
    public static int IndexOf(this IReadOnlyList<int> rows, int row)
    {
        for (int at = 0; at < rows.Count; at++)
        {
            if (rows[at] == row)
                return at;
        }
        return -1;
    }
}
