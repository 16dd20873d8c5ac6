namespace EdgeShelf.Pictures;

/// <summary>
/// For each pixel of one resized axis: its first source pixel, the number of source pixels, and their weights. The weights of a pixel are
/// followed by zeros, so that they can be read four at a time.
/// </summary>
/// <param name="room">The number of weights that each pixel has room for, a multiple of 4.</param>
sealed class ResamplerTaps(int[] first, int[] length, int[] weights, int room)
{
    /// <summary>The bits that remain of 32 for the weights, after 8 for the values and 2 for sums above one.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>The number of weights that are read together.</summary>
    public const int Group = 4;

    /// <summary>The first source pixel of each pixel, in ascending order.</summary>
    public ReadOnlySpan<int> First => first;

    /// <summary>The number of source pixels of each pixel.</summary>
    public ReadOnlySpan<int> Length => length;

    /// <summary>The largest number of source pixels that a pixel has.</summary>
    public int Longest { get; } = length.Max();

    public int Room => room;

    /// <summary>The weights of all pixels: <see cref="Room"/> for each.</summary>
    public ReadOnlySpan<int> Weights => weights;

    /// <summary>The source pixel after the last one that is read.</summary>
    public int End => first[^1] + length[^1];

    /// <summary>PIL's triangle filter, as wide as the scale when the picture is reduced, and one pixel wide when it is enlarged.</summary>
    public static ResamplerTaps For(PilResampler.Source source, PilResampler.Axis axis)
    {
        double scale = source.Extent / axis.Resized;
        double origin = source.Origin - source.First;
        double support = Math.Max(scale, 1);
        int room = ((int)Math.Ceiling(support) * 2 + 1 + Group - 1) / Group * Group;
        int[] first = new int[axis.Count];
        int[] length = new int[axis.Count];
        int[] weights = new int[axis.Count * room];
        Span<double> real = room <= 256 ? stackalloc double[room] : new double[room];
        for (int pixel = 0; pixel < axis.Count; pixel++)
        {
            // A reduced decode may have cut a pixel that the part covers by half. The nearest pixel inside then stands for it.
            double center = Math.Clamp(origin + (axis.Start + pixel + 0.5) * scale, 0, source.Count);
            int from = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), source.Count) - from;
            double total = 0;
            for (int tap = 0; tap < count; tap++)
            {
                double distance = Math.Abs((tap + from - center + 0.5) / support);
                real[tap] = distance < 1 ? 1 - distance : 0;
                total += real[tap];
            }
            first[pixel] = source.First + from;
            length[pixel] = count;
            for (int tap = 0; tap < count; tap++)
                weights[pixel * room + tap] = (int)(0.5 + real[tap] / total * (1 << PrecisionBits));
        }
        return new ResamplerTaps(first, length, weights, room);
    }
}
