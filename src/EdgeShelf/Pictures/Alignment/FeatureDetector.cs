using System.Runtime.CompilerServices;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// Finds corners at several scales and describes them, so that they are found again in a picture that is turned, zoomed and seen from
/// another place. It is our own because OpenCV's packages have tens of megabytes of native code for each processor. The steps follow ORB
/// (Rublee et al. 2011), with Shi and Tomasi's (1994) measure of a corner.
/// </summary>
static class FeatureDetector
{
    const int Levels = 8;
    const double ScaleStep = 1.2;

    /// <summary>The number of corners in the whole pyramid, at most.</summary>
    const int MaxFeatures = 2000;

    /// <summary>The corners are spread over a grid, so that one label with much text does not take them all.</summary>
    const int CellsAcross = 10, CellsDown = 8;

    /// <summary>The radius in pixels around a corner that its description covers.</summary>
    const int Radius = 15;
    const int Border = Radius + 2;
    const float MinCorner = 20;

    static readonly (double X1, double Y1, double X2, double Y2)[] Comparisons = [.. MakeComparisons()];

    /// <param name="picture">A picture with a longer side of about <see cref="GreyPicture.FeatureSide"/>.</param>
    public static List<Feature> Find(GreyPicture picture)
    {
        List<Feature> features = [];
        double scale = 1, weight = (1 - 1 / (ScaleStep * ScaleStep)) / (1 - Math.Pow(ScaleStep, -2 * Levels));
        GreyPicture level = picture;
        for (int i = 0; i < Levels && Math.Min(level.Width, level.Height) > 3 * Border; i++)
        {
            int perCell = (int)Math.Ceiling(MaxFeatures * weight / (scale * scale) / (CellsAcross * CellsDown));
            float[] smooth = Smooth(level.Levels, level.Width, level.Height);
            foreach ((int x, int y) in Corners(smooth, level.Width, level.Height, perCell))
                features.Add(Describe(smooth, level.Width, x, y, (double)picture.Width / level.Width, (double)picture.Height / level.Height));
            scale *= ScaleStep;
            level = Shrunk(level, (int)Math.Round(picture.Width / scale), (int)Math.Round(picture.Height / scale));
        }
        return features;
    }

    static IEnumerable<(int X, int Y)> Corners(float[] smooth, int width, int height, int perCell)
    {
        float[] strength = CornerStrength(smooth, width, height);
        List<(float Strength, int X, int Y)>[] cells = [.. Enumerable.Range(0, CellsAcross * CellsDown).Select(_ => new List<(float, int, int)>())];
        for (int y = Border; y < height - Border; y++)
        {
            for (int x = Border; x < width - Border; x++)
            {
                float here = strength[y * width + x];
                if (here < MinCorner)
                    continue;
                bool isPeak = true;
                for (int dy = -1; dy <= 1 && isPeak; dy++)
                {
                    for (int dx = -1; dx <= 1; dx++)
                        isPeak &= (dx, dy) == (0, 0) || strength[(y + dy) * width + x + dx] < here;
                }
                if (isPeak)
                    cells[y * CellsDown / height * CellsAcross + x * CellsAcross / width].Add((here, x, y));
            }
        }
        return cells.SelectMany(cell => cell.OrderByDescending(corner => corner.Strength).Take(perCell)).Select(corner => (corner.X, corner.Y));
    }

    /// <summary>The smaller eigenvalue of the structure tensor over 5 x 5 pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float[] CornerStrength(float[] levels, int width, int height)
    {
        float[] xx = new float[levels.Length], yy = new float[levels.Length], xy = new float[levels.Length];
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1, at = y * width + 1; x < width - 1; x++, at++)
            {
                float dx = (levels[at + 1] - levels[at - 1]) / 2, dy = (levels[at + width] - levels[at - width]) / 2;
                (xx[at], yy[at], xy[at]) = (dx * dx, dy * dy, dx * dy);
            }
        }
        (xx, yy, xy) = (Smooth(xx, width, height), Smooth(yy, width, height), Smooth(xy, width, height));
        for (int at = 0; at < xx.Length; at++)
        {
            float mean = (xx[at] + yy[at]) / 2, half = (xx[at] - yy[at]) / 2;
            xx[at] = mean - MathF.Sqrt(half * half + xy[at] * xy[at]);
        }
        return xx;
    }

    /// <summary>Filters with the binomial 1 4 6 4 1 in both directions. The two outermost pixels stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float[] Smooth(float[] levels, int width, int height)
    {
        float[] across = (float[])levels.Clone(), both = (float[])levels.Clone();
        for (int y = 0; y < height; y++)
        {
            for (int x = 2, at = y * width + 2; x < width - 2; x++, at++)
                across[at] = (levels[at - 2] + levels[at + 2] + 4 * (levels[at - 1] + levels[at + 1]) + 6 * levels[at]) / 16;
        }
        for (int at = 2 * width; at < levels.Length - 2 * width; at++)
            both[at] = (across[at - 2 * width] + across[at + 2 * width] + 4 * (across[at - width] + across[at + width]) + 6 * across[at]) / 16;
        return both;
    }

    static Feature Describe(float[] smooth, int width, int x, int y, double scaleX, double scaleY)
    {
        // The direction to the centre of brightness (Rosin 1999) turns the comparisons with the picture.
        double momentX = 0, momentY = 0;
        for (int dy = -Radius; dy <= Radius; dy++)
        {
            for (int dx = -Radius; dx <= Radius; dx++)
            {
                if (dx * dx + dy * dy > Radius * Radius)
                    continue;
                float level = smooth[(y + dy) * width + x + dx];
                (momentX, momentY) = (momentX + dx * level, momentY + dy * level);
            }
        }
        double length = Math.Sqrt(momentX * momentX + momentY * momentY) + double.Epsilon;
        (double cos, double sin) = (momentX / length, momentY / length);
        Span<ulong> bits = stackalloc ulong[4];
        bits.Clear();
        for (int i = 0; i < Comparisons.Length; i++)
        {
            (double x1, double y1, double x2, double y2) = Comparisons[i];
            if (At(x1, y1) < At(x2, y2))
                bits[i / 64] |= 1UL << (i % 64);
        }
        return new Feature((x + 0.5) * scaleX - 0.5, (y + 0.5) * scaleY - 0.5, bits[0], bits[1], bits[2], bits[3]);

        float At(double dx, double dy) => smooth[(y + (int)Math.Round(sin * dx + cos * dy)) * width + x + (int)Math.Round(cos * dx - sin * dy)];
    }

    /// <summary>256 pairs of points, normally distributed around the corner (BRIEF: Calonder et al. 2010). They are the same in each run.</summary>
    static IEnumerable<(double, double, double, double)> MakeComparisons()
    {
        const double Spread = (2 * Radius + 1) / 5.0;
        Random random = new(256);
        (double X, double Y) Point()
        {
            while (true)
            {
                double radius = Spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
                if (radius <= Radius)
                    return (radius * Math.Cos(angle), radius * Math.Sin(angle));
            }
        }
        for (int i = 0; i < 256; i++)
        {
            (double x1, double y1) = Point();
            (double x2, double y2) = Point();
            yield return (x1, y1, x2, y2);
        }
    }

    /// <summary>Resizes by less than a half with linear interpolation.</summary>
    static GreyPicture Shrunk(GreyPicture picture, int width, int height)
    {
        float[] levels = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                levels[y * width + x] = picture.At((x + 0.5) * picture.Width / width - 0.5, (y + 0.5) * picture.Height / height - 0.5);
        }
        return new GreyPicture(width, height, levels);
    }
}
