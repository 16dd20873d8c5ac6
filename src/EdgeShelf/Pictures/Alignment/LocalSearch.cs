using System.Runtime.CompilerServices;
using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>Looks for the picture of a region near to where a map puts it.</summary>
static class LocalSearch
{
    /// <summary>The maximum distance from there, in pixels of the new picture, and as a share of the region's shorter side, so that no neighbour is found.</summary>
    const int MaxReach = 12;
    const double MaxShare = 0.4;

    /// <summary>The number of points in each direction that are compared.</summary>
    const int Points = 24;

    /// <summary>The minimum normalized cross-correlation of a region that was found.</summary>
    const double MinLikeness = 0.7;

    /// <summary>Returns how far the region lies beside the map, in pixels of the new picture, or null if it is not found because it is covered, has changed or has no structure.</summary>
    public static (double X, double Y)? Aside(GreyPicture reference, GreyPicture picture, Homography map, Region region)
    {
        float[] pattern = new float[Points * Points];
        (double X, double Y)[] places = new (double, double)[pattern.Length];
        for (int i = 0; i < pattern.Length; i++)
        {
            double x = (region.X + region.Width * (i % Points + 0.5) / Points) * reference.Width - 0.5;
            double y = (region.Y + region.Height * (i / Points + 0.5) / Points) * reference.Height - 0.5;
            pattern[i] = reference.At(x, y);
            places[i] = map.Map(x, y);
        }
        double shorter = Math.Min(places[^1].X - places[0].X, places[^1].Y - places[0].Y);
        int reach = (int)Math.Clamp(MaxShare * shorter, 0, MaxReach);
        int side = 2 * reach + 1, best = side * side / 2;
        double[] likeness = new double[side * side];
        for (int i = 0; i < likeness.Length; i++)
        {
            likeness[i] = Likeness(pattern, places, picture, i % side - reach, i / side - reach);
            best = likeness[i] > likeness[best] ? i : best;
        }
        (int column, int row) = (best % side, best / side);
        if (likeness[best] < MinLikeness || column == 0 || row == 0 || column == side - 1 || row == side - 1)
            return null;
        return (column - reach + Parabola.Peak(likeness[best - 1], likeness[best], likeness[best + 1]), row - reach + Parabola.Peak(likeness[best - side], likeness[best], likeness[best + side]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Likeness(float[] pattern, (double X, double Y)[] places, GreyPicture picture, int dx, int dy)
    {
        double sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
        int count = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            double x = places[i].X + dx, y = places[i].Y + dy;
            if (!(x >= 0 && y >= 0 && x <= picture.Width - 1 && y <= picture.Height - 1))
                continue;
            double a = pattern[i], b = picture.At(x, y);
            (sumA, sumB, squareA, squareB, product) = (sumA + a, sumB + b, squareA + a * a, squareB + b * b, product + a * b);
            count++;
        }
        if (2 * count < pattern.Length)
            return -1;
        double spread = (squareA - sumA * sumA / count) * (squareB - sumB * sumB / count);
        return spread <= 1 ? -1 : (product - sumA * sumB / count) / Math.Sqrt(spread);
    }
}
