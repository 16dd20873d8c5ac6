using System.Numerics.Tensors;

namespace EdgeShelf.Models.Making.Training;

/// <summary>
/// Trains some rows of a linear head while the others stay as they are. It minimizes the cross-entropy over all classes, each class counting the
/// same, as <see cref="SoftmaxRegression"/> does: accelerated gradient descent (Nesterov 1983) on standardized features, with weight decay on what
/// a row changes. The loss is convex, so the result does not depend on a random seed.
/// </summary>
static class RowTrainer
{
    const int Steps = 300;
    const float WeightDecay = 1e-3f;

    /// <param name="features">One row for each picture.</param>
    /// <param name="labels">The class of each picture.</param>
    /// <param name="start">A head with a row for each class.</param>
    /// <param name="trained">The classes whose rows change.</param>
    public static LinearHead Fit(IReadOnlyList<float[]> features, IReadOnlyList<int> labels, LinearHead start, IReadOnlyList<int> trained, CancellationToken cancellationToken)
    {
        (float[] mean, float[] deviation) = SoftmaxRegression.Statistics(features);
        float[][] rows = [.. features.Select(row => SoftmaxRegression.Standardize(row, mean, deviation))];
        float[][] offsets = [.. features.Select(row => start.Logits(row))];
        float[] weights = Balance(labels);
        int width = rows[0].Length;
        // This is an upper bound of the loss's curvature (Böhning 1992), so a step of its inverse never overshoots.
        float rate = 1 / ((0.5f * LargestCurvature(rows, weights)) + WeightDecay);
        float[] change = new float[trained.Count * width];
        float[] ahead = new float[change.Length];
        for (int step = 0; step < Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] gradient = Gradient(rows, labels, offsets, weights, trained, ahead);
            float momentum = step / (step + 3f);
            for (int index = 0; index < change.Length; index++)
            {
                float next = ahead[index] - (rate * gradient[index]);
                ahead[index] = next + (momentum * (next - change[index]));
                change[index] = next;
            }
        }
        return Apply(start, trained, change, mean, deviation);
    }

    /// <summary>The weight of each picture: every class weighs the same in total, and the mean weight is 1.</summary>
    static float[] Balance(IReadOnlyList<int> labels)
    {
        Dictionary<int, int> counts = labels.CountBy(label => label).ToDictionary();
        return [.. labels.Select(label => (float)labels.Count / (counts.Count * counts[label]))];
    }

    /// <summary>Returns the largest eigenvalue of the rows' weighted mean square, by power iteration.</summary>
    static float LargestCurvature(float[][] rows, float[] weights)
    {
        const int Iterations = 50;
        float[] direction = [.. Enumerable.Repeat(1f, rows[0].Length)];
        float length = TensorPrimitives.Norm<float>(direction);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            TensorPrimitives.Divide(direction, length, direction);
            float[] next = new float[direction.Length];
            for (int row = 0; row < rows.Length; row++)
                TensorPrimitives.MultiplyAdd(rows[row], weights[row] * TensorPrimitives.Dot<float>(rows[row], direction) / rows.Length, next, next);
            direction = next;
            length = TensorPrimitives.Norm<float>(direction);
        }
        return length;
    }

    /// <summary>Returns the gradient of the mean loss by what the trained rows change. A row ends in its bias, which does not decay.</summary>
    static float[] Gradient(float[][] rows, IReadOnlyList<int> labels, float[][] offsets, float[] weights, IReadOnlyList<int> trained, float[] change)
    {
        int width = rows[0].Length;
        float[] total = new float[change.Length];
        Lock gate = new();
        Parallel.For(0, rows.Length, () => (Sum: new float[change.Length], Scores: new float[offsets[0].Length]), (row, _, local) =>
        {
            offsets[row].CopyTo(local.Scores, 0);
            for (int at = 0; at < trained.Count; at++)
                local.Scores[trained[at]] += TensorPrimitives.Dot<float>(rows[row], change.AsSpan(at * width, width));
            // SoftMax does not subtract the maximum itself, and the scores of easily separated classes soon overflow exp.
            TensorPrimitives.Subtract(local.Scores, TensorPrimitives.Max<float>(local.Scores), local.Scores);
            TensorPrimitives.SoftMax(local.Scores, local.Scores);
            local.Scores[labels[row]] -= 1;
            for (int at = 0; at < trained.Count; at++)
            {
                Span<float> sum = local.Sum.AsSpan(at * width, width);
                TensorPrimitives.MultiplyAdd(rows[row], weights[row] * local.Scores[trained[at]] / rows.Length, sum, sum);
            }
            return local;
        }, local =>
        {
            lock (gate)
                TensorPrimitives.Add(total, local.Sum, total);
        });
        for (int index = 0; index < total.Length; index++)
        {
            if (index % width != width - 1)
                total[index] += WeightDecay * change[index];
        }
        return total;
    }

    /// <summary>Adds the changes, which are of standardized features, to the rows of the head.</summary>
    static LinearHead Apply(LinearHead start, IReadOnlyList<int> trained, float[] change, float[] mean, float[] deviation)
    {
        int inputs = mean.Length;
        int classes = start.Bias.Length;
        float[] weights = [.. start.Weights];
        float[] bias = [.. start.Bias];
        for (int at = 0; at < trained.Count; at++)
        {
            ReadOnlySpan<float> row = change.AsSpan(at * (inputs + 1), inputs + 1);
            double shift = row[inputs];
            for (int input = 0; input < inputs; input++)
            {
                weights[(input * classes) + trained[at]] += row[input] / deviation[input];
                shift -= row[input] * mean[input] / deviation[input];
            }
            bias[trained[at]] += (float)shift;
        }
        return new LinearHead(weights, bias);
    }
}
