using System.Numerics.Tensors;

namespace EdgeShelf.Models.Making.Training;

/// <summary>
/// Trains a linear head over frozen features. It maximizes the likelihood of the labels, with weight decay, by accelerated gradient
/// descent (Nesterov 1983) on standardized features. The loss is convex, so the result does not depend on a random seed.
/// </summary>
static class SoftmaxRegression
{
    const int Steps = 300;
    const float WeightDecay = 1e-3f;

    /// <param name="features">One row for each picture.</param>
    /// <param name="labels">The class of each row.</param>
    public static LinearHead Fit(IReadOnlyList<float[]> features, IReadOnlyList<int> labels, int classes, CancellationToken cancellationToken)
    {
        (float[] mean, float[] deviation) = Statistics(features);
        float[][] rows = [.. features.Select(row => Standardize(row, mean, deviation))];
        // This is an upper bound of the loss's curvature (Böhning 1992), so a step of its inverse never overshoots.
        float rate = 1 / ((0.5f * LargestCurvature(rows)) + WeightDecay);
        float[] weights = new float[classes * rows[0].Length];
        float[] ahead = new float[weights.Length];
        for (int step = 0; step < Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] gradient = Gradient(rows, labels, classes, ahead);
            float momentum = step / (step + 3f);
            for (int index = 0; index < weights.Length; index++)
            {
                float next = ahead[index] - (rate * gradient[index]);
                ahead[index] = next + (momentum * (next - weights[index]));
                weights[index] = next;
            }
        }

        return Unstandardize(weights, classes, mean, deviation);
    }

    /// <summary>Returns the largest eigenvalue of the rows' mean square, by power iteration.</summary>
    static float LargestCurvature(float[][] rows)
    {
        const int Iterations = 50;
        float[] direction = [.. Enumerable.Repeat(1f, rows[0].Length)];
        float length = TensorPrimitives.Norm<float>(direction);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            TensorPrimitives.Divide(direction, length, direction);
            float[] next = new float[direction.Length];
            foreach (float[] row in rows)
                TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot<float>(row, direction) / rows.Length, next, next);
            direction = next;
            length = TensorPrimitives.Norm<float>(direction);
        }

        return length;
    }

    /// <summary>Returns the gradient of the mean loss. A row of weights ends in its bias, which does not decay.</summary>
    static float[] Gradient(float[][] rows, IReadOnlyList<int> labels, int classes, float[] weights)
    {
        int width = rows[0].Length;
        float[] total = new float[weights.Length];
        Lock gate = new();
        Parallel.For(0, rows.Length, () => (Sum: new float[weights.Length], Scores: new float[classes]), (row, _, local) =>
        {
            for (int label = 0; label < classes; label++)
                local.Scores[label] = TensorPrimitives.Dot(rows[row], weights.AsSpan(label * width, width));
            // SoftMax does not subtract the maximum itself, and the scores of easily separated classes soon overflow exp.
            TensorPrimitives.Subtract(local.Scores, TensorPrimitives.Max<float>(local.Scores), local.Scores);
            TensorPrimitives.SoftMax(local.Scores, local.Scores);
            local.Scores[labels[row]] -= 1;
            for (int label = 0; label < classes; label++)
            {
                Span<float> sum = local.Sum.AsSpan(label * width, width);
                TensorPrimitives.MultiplyAdd(rows[row], local.Scores[label] / rows.Length, sum, sum);
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
                total[index] += WeightDecay * weights[index];
        }

        return total;
    }

    internal static (float[] Mean, float[] Deviation) Statistics(IReadOnlyList<float[]> features)
    {
        int width = features[0].Length;
        float[] mean = new float[width];
        float[] deviation = new float[width];
        for (int column = 0; column < width; column++)
        {
            double average = features.Average(row => row[column]);
            mean[column] = (float)average;
            // A constant feature carries no information; dividing by one leaves it at zero.
            double spread = Math.Sqrt(features.Average(row => (row[column] - average) * (row[column] - average)));
            deviation[column] = spread > 1e-6 ? (float)spread : 1;
        }

        return (mean, deviation);
    }

    /// <summary>Standardizes a row and appends a one for the bias.</summary>
    internal static float[] Standardize(float[] row, float[] mean, float[] deviation) => [.. row.Select((value, column) => (value - mean[column]) / deviation[column]), 1];

    static LinearHead Unstandardize(float[] weights, int classes, float[] mean, float[] deviation)
    {
        int inputs = mean.Length;
        float[] raw = new float[inputs * classes];
        float[] bias = new float[classes];
        for (int label = 0; label < classes; label++)
        {
            ReadOnlySpan<float> row = weights.AsSpan(label * (inputs + 1), inputs + 1);
            double shift = row[inputs];
            for (int input = 0; input < inputs; input++)
            {
                raw[(input * classes) + label] = row[input] / deviation[input];
                shift -= row[input] * mean[input] / deviation[input];
            }

            bias[label] = (float)shift;
        }

        return new LinearHead(raw, bias);
    }
}

/// <param name="Weights">Weights, [features, classes], row-major.</param>
/// <param name="Bias">One bias for each class.</param>
sealed record LinearHead(float[] Weights, float[] Bias)
{
    /// <summary>Returns a head of some rows of this one, in the given order; -1 stands for a row of zeros.</summary>
    public LinearHead Rows(IReadOnlyList<int> rows)
    {
        int known = Bias.Length;
        float[] weights = new float[Weights.Length / known * rows.Count];
        for (int index = 0; index < weights.Length; index++)
        {
            if (rows[index % rows.Count] is >= 0 and var row)
                weights[index] = Weights[(index / rows.Count * known) + row];
        }
        return new LinearHead(weights, [.. rows.Select(row => row < 0 ? 0 : Bias[row])]);
    }

    public float[] Logits(ReadOnlySpan<float> features)
    {
        float[] logits = [.. Bias];
        for (int input = 0; input < features.Length; input++)
            TensorPrimitives.MultiplyAdd(Weights.AsSpan(input * Bias.Length, Bias.Length), features[input], logits, logits);
        return logits;
    }
}
