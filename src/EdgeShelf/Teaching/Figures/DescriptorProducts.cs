using System.Numerics.Tensors;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Figures;

/// <summary>
/// The inner products of all descriptors with each other and with the base model's mean. Every cosine about any centre that is a sum of
/// them follows from these numbers, so that leaving one example out does not go through the descriptors again.
/// </summary>
sealed class DescriptorProducts
{
    readonly float[] _products;
    readonly double[] _withMean;

    DescriptorProducts(IReadOnlyList<TaughtExample> examples, float[] products, double[] withMean, double meanSquared) =>
        (Examples, _products, _withMean, MeanSquared) = (examples, products, withMean, meanSquared);

    public IReadOnlyList<TaughtExample> Examples { get; }

    public int Count => Examples.Count;

    /// <summary>The squared length of the base model's mean.</summary>
    public double MeanSquared { get; }

    /// <param name="examples">Examples whose descriptors are as long as the mean.</param>
    /// <param name="baseMean">The mean descriptor of the base model's training pictures.</param>
    public static DescriptorProducts Of(IReadOnlyList<TaughtExample> examples, ReadOnlySpan<float> baseMean)
    {
        int count = examples.Count;
        float[][] values = [.. examples.Select(example => example.Descriptor.ToValues())];
        float[] products = new float[count * count];
        double[] withMean = new double[count];
        for (int i = 0; i < count; i++)
        {
            withMean[i] = TensorPrimitives.Dot<float>(values[i], baseMean);
            for (int k = i; k < count; k++)
                products[(i * count) + k] = products[(k * count) + i] = TensorPrimitives.Dot<float>(values[i], values[k]);
        }
        return new DescriptorProducts(examples, products, withMean, TensorPrimitives.Dot(baseMean, baseMean));
    }

    public double Of(int i, int k) => _products[(i * Count) + k];

    public double WithMean(int i) => _withMean[i];

    /// <summary>The cosine of two descriptors as they are, without a centre.</summary>
    public double Cosine(int i, int k)
    {
        double lengths = Math.Sqrt(Of(i, i) * Of(k, k));
        return lengths > 0 ? Of(i, k) / lengths : 0;
    }
}
