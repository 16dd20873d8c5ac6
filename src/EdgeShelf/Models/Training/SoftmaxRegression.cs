using System.Numerics.Tensors;

namespace EdgeShelf.Models.Training;

/// <summary>
/// A linear head over frozen features: the weights that make the labels most likely, with weight decay; full-batch Adam
/// (Kingma and Ba 2015) on standardized features. The loss is convex, so neither seed nor luck matters.
/// </summary>
static class SoftmaxRegression
{
    const int Steps = 300;
    const float LearningRate = 0.05f;
    const float WeightDecay = 1e-3f;

    /// <param name="features">One row a picture.</param>
    /// <param name="labels">The class of each row.</param>
    public static LinearHead Fit(IReadOnlyList<float[]> features, IReadOnlyList<int> labels, int classes, CancellationToken cancellationToken)
    {
        int width = features[0].Length;
        (float[] mean, float[] deviation) = Statistics(features);
        float[][] rows = [.. features.Select(row => Standardize(row, mean, deviation))];
        float[] weights = new float[classes * (width + 1)];
        Adam adam = new(weights.Length, LearningRate);
        for (int step = 0; step < Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            adam.Step(weights, Gradient(rows, labels, classes, weights));
        }

        return Unstandardize(weights, classes, mean, deviation);
    }

    /// <summary>Of the mean loss; a row of weights ends in its bias, which does not decay.</summary>
    static float[] Gradient(float[][] rows, IReadOnlyList<int> labels, int classes, float[] weights)
    {
        int width = rows[0].Length;
        float[] total = new float[weights.Length];
        Lock gate = new();
        Parallel.For(0, rows.Length, () => (Sum: new float[weights.Length], Scores: new float[classes]), (row, _, local) =>
        {
            for (int label = 0; label < classes; label++)
                local.Scores[label] = TensorPrimitives.Dot(rows[row], weights.AsSpan(label * width, width));
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

    static (float[] Mean, float[] Deviation) Statistics(IReadOnlyList<float[]> features)
    {
        int width = features[0].Length;
        float[] mean = new float[width];
        float[] deviation = new float[width];
        for (int column = 0; column < width; column++)
        {
            double average = features.Average(row => row[column]);
            mean[column] = (float)average;
            // A feature that never changes says nothing; dividing by one leaves it at zero.
            double spread = Math.Sqrt(features.Average(row => (row[column] - average) * (row[column] - average)));
            deviation[column] = spread > 1e-6 ? (float)spread : 1;
        }

        return (mean, deviation);
    }

    /// <summary>With a last column of ones for the bias.</summary>
    static float[] Standardize(float[] row, float[] mean, float[] deviation) => [.. row.Select((value, column) => (value - mean[column]) / deviation[column]), 1];

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

/// <param name="Weights">[features, classes], row-major.</param>
/// <param name="Bias">One a class.</param>
sealed record LinearHead(float[] Weights, float[] Bias)
{
    public float[] Logits(ReadOnlySpan<float> features)
    {
        float[] logits = [.. Bias];
        for (int input = 0; input < features.Length; input++)
            TensorPrimitives.MultiplyAdd(Weights.AsSpan(input * Bias.Length, Bias.Length), features[input], logits, logits);
        return logits;
    }
}
