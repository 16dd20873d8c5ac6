using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>A corner of the reference and the corner of the other picture that is most like it.</summary>
readonly record struct FeatureMatch(double X, double Y, double ToX, double ToY);

/// <summary>Pairs the corners of two pictures.</summary>
static class FeatureMatches
{
    /// <summary>The maximum number of comparisons that differ, of 256, for two corners to be alike.</summary>
    const int MaxDistance = 64;

    /// <summary>Returns the pairs in which each corner is the best for the other. A shelf repeats its goods, so many of them are wrong.</summary>
    public static List<FeatureMatch> Of(List<Feature> from, List<Feature> to)
    {
        int[] forward = Nearest(from, to), backward = Nearest(to, from);
        List<FeatureMatch> matches = [];
        for (int i = 0; i < forward.Length; i++)
        {
            if (forward[i] >= 0 && backward[forward[i]] == i)
                matches.Add(new FeatureMatch(from[i].X, from[i].Y, to[forward[i]].X, to[forward[i]].Y));
        }
        return matches;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int[] Nearest(List<Feature> from, List<Feature> to)
    {
        int[] nearest = new int[from.Count];
        Span<Feature> others = CollectionsMarshal.AsSpan(to);
        for (int i = 0; i < nearest.Length; i++)
        {
            Feature feature = from[i];
            int best = -1, least = MaxDistance + 1;
            for (int j = 0; j < others.Length; j++)
            {
                int distance = feature.DistanceTo(others[j]);
                if (distance < least)
                    (best, least) = (j, distance);
            }
            nearest[i] = best;
        }
        return nearest;
    }
}
