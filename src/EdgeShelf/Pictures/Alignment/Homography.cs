namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// A projective map of the plane: how a flat shelf front that is seen from one place looks from another. Its eight parameters are those
/// of the matrix (a b c; d e f; g h 1).
/// </summary>
readonly record struct Homography(double A, double B, double C, double D, double E, double F, double G, double H)
{
    /// <summary>The factor by which the map enlarges at the origin, in each direction on average.</summary>
    public double Zoom => Math.Sqrt(Math.Abs(A * E - B * D));

    /// <summary>Maps a point. Its coordinates are not finite if the point lies on the horizon of the map.</summary>
    public (double X, double Y) Map(double x, double y)
    {
        double depth = G * x + H * y + 1;
        return ((A * x + B * y + C) / depth, (D * x + E * y + F) / depth);
    }

    /// <summary>The similarity through two pairs, or null if they define none.</summary>
    public static Homography? Similarity(in FeatureMatch first, in FeatureMatch second)
    {
        const double MinDistance = 20;
        (double x, double y, double toX, double toY) = (second.X - first.X, second.Y - first.Y, second.ToX - first.ToX, second.ToY - first.ToY);
        double square = x * x + y * y;
        if (square < MinDistance * MinDistance)
            return null;
        double cos = (x * toX + y * toY) / square, sin = (x * toY - y * toX) / square;
        return new Homography(cos, -sin, first.ToX - cos * first.X + sin * first.Y, sin, cos, first.ToY - sin * first.X - cos * first.Y, 0, 0);
    }

    /// <summary>The map with the least sum of squares, or null if the pairs define none.</summary>
    /// <param name="isAffine">Whether parallel lines stay parallel. A map of few pairs is then steadier.</param>
    public static Homography? LeastSquares(IReadOnlyCollection<FeatureMatch> matches, bool isAffine)
    {
        LinearEquations equations = new(isAffine ? 6 : 8);
        // Lengths of about one make the equations well-conditioned (Hartley 1997).
        const double Unit = GreyPicture.FeatureSide / 2;
        foreach (FeatureMatch match in matches)
        {
            (double x, double y, double toX, double toY) = (match.X / Unit, match.Y / Unit, match.ToX / Unit, match.ToY / Unit);
            if (isAffine)
            {
                equations.Add([x, y, 1, 0, 0, 0], toX);
                equations.Add([0, 0, 0, x, y, 1], toY);
            }
            else
            {
                equations.Add([x, y, 1, 0, 0, 0, -x * toX, -y * toX], toX);
                equations.Add([0, 0, 0, x, y, 1, -x * toY, -y * toY], toY);
            }
        }
        return equations.Solve() is { } h
            ? new Homography(h[0], h[1], h[2] * Unit, h[3], h[4], h[5] * Unit, isAffine ? 0 : h[6] / Unit, isAffine ? 0 : h[7] / Unit)
            : null;
    }
}
