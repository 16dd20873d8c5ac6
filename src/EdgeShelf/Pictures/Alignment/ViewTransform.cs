using System.Runtime.InteropServices;
using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// How a new view of the shelf follows from the reference picture: where each region of the reference lies in it. It is made once, when
/// somebody accepts that the camera was moved.
/// </summary>
sealed class ViewTransform
{
    const int Tries = 4000;

    /// <summary>The maximum distance in pixels of a corner from where the first, rough similarity puts it.</summary>
    const double RoughTolerance = 8;

    /// <summary>The maximum distance in pixels of a corner from where the final map puts it.</summary>
    const double Tolerance = 3;

    /// <summary>The minimum number of pairs that agree. Among 210 pairs of pictures of different scenes, 11 is the most.</summary>
    const int MinAgreeing = 30;

    const double MinZoom = 0.3, MaxZoom = 3;

    /// <summary>The minimum share of a region that must lie in the new picture.</summary>
    const double MinVisible = 0.8;

    /// <summary>The maximum distance to a region that was found, in fractions of the picture.</summary>
    const double NearDistance = 0.15;

    readonly Homography _map;
    readonly GreyPicture _reference;
    readonly GreyPicture _picture;

    ViewTransform(Homography map, int agreeing, GreyPicture reference, GreyPicture picture)
    {
        _map = map;
        Agreeing = agreeing;
        _reference = reference;
        _picture = picture;
    }

    /// <summary>The number of pairs of corners that the map explains.</summary>
    public int Agreeing { get; }

    /// <summary>Finds the map between two pictures of one shelf, or null if they have too little in common.</summary>
    /// <param name="reference">The reference picture with a longer side of <see cref="GreyPicture.FeatureSide"/>.</param>
    /// <param name="picture">The new picture with a longer side of <see cref="GreyPicture.FeatureSide"/>. Its proportions may differ.</param>
    public static ViewTransform? Find(GreyPicture reference, GreyPicture picture)
    {
        List<FeatureMatch> matches = FeatureMatches.Of(FeatureDetector.Find(reference), FeatureDetector.Find(picture));
        if (Rough(matches) is not { } map)
            return null;
        List<FeatureMatch> agreeing = Agree(matches, map, RoughTolerance);
        for (int round = 0; round < 12; round++)
        {
            if (agreeing.Count < MinAgreeing || Homography.LeastSquares(agreeing, isAffine: round < 4) is not { } better)
                return null;
            map = better;
            agreeing = Agree(matches, map, round < 4 ? RoughTolerance : Tolerance);
        }
        return agreeing.Count < MinAgreeing ? null : new ViewTransform(map, agreeing.Count, reference, picture);
    }

    /// <summary>Returns where each region of the reference lies in the new picture; null where less than four fifths of it are in the picture.</summary>
    /// <remarks>
    /// A region becomes a quadrangle; the result is the upright rectangle whose edges are the means of its edges. It is moved by up to 12
    /// pixels of 640 if its own picture is found there, because goods stand at different depths and a stitched reference has seams. A region
    /// that is covered or has changed goes with the nearest one that was found.
    /// </remarks>
    public IReadOnlyList<Region?> Map(IReadOnlyList<Region> regions)
    {
        (double X, double Y)?[] found = [.. regions.Select(region => LocalSearch.Aside(_reference, _picture, _map, region))];
        return [.. regions.Select(region => Map(region, AsideNear(region, regions, found)))];
    }

    Region? Map(Region region, (double X, double Y) aside)
    {
        (double X, double Y) topLeft = MapPoint(region.X, region.Y), topRight = MapPoint(region.Right, region.Y);
        (double X, double Y) bottomLeft = MapPoint(region.X, region.Bottom), bottomRight = MapPoint(region.Right, region.Bottom);
        double left = (topLeft.X + bottomLeft.X) / 2, right = (topRight.X + bottomRight.X) / 2;
        double top = (topLeft.Y + topRight.Y) / 2, bottom = (bottomLeft.Y + bottomRight.Y) / 2;
        if (!(right > left && bottom > top))
            return null;
        Region mapped = new Region(left, top, right - left, bottom - top).Shifted(aside.X / _picture.Width, aside.Y / _picture.Height), visible = mapped.ClippedToPicture();
        return visible.Width * visible.Height >= MinVisible * mapped.Width * mapped.Height ? visible : null;
    }

    /// <summary>How far the nearest region that was found lies beside the map: the region itself, if it was found.</summary>
    static (double X, double Y) AsideNear(Region region, IReadOnlyList<Region> regions, (double X, double Y)?[] found)
    {
        (double Distance, (double X, double Y) Aside) nearest = (NearDistance, (0, 0));
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] is { } aside && DistanceOf(region, regions[i]) is var distance && distance < nearest.Distance)
                nearest = (distance, aside);
        }
        return nearest.Aside;
    }

    static double DistanceOf(Region a, Region b) =>
        Math.Sqrt(Math.Pow(a.X + a.Width / 2 - b.X - b.Width / 2, 2) + Math.Pow(a.Y + a.Height / 2 - b.Y - b.Height / 2, 2));

    /// <summary>Maps a point in fractions of the reference to fractions of the new picture.</summary>
    public (double X, double Y) MapPoint(double x, double y)
    {
        // The centre of the first pixel is at 0, its left edge at -0.5.
        (double toX, double toY) = _map.Map(x * _reference.Width - 0.5, y * _reference.Height - 0.5);
        return ((toX + 0.5) / _picture.Width, (toY + 0.5) / _picture.Height);
    }

    /// <summary>The similarity through two pairs that most pairs agree with (RANSAC: Fischler and Bolles 1981). The tries are the same in each run.</summary>
    static Homography? Rough(List<FeatureMatch> matches)
    {
        if (matches.Count < MinAgreeing)
            return null;
        Random random = new(1);
        Homography? best = null;
        int most = 0;
        for (int i = 0; i < Tries; i++)
        {
            if (Homography.Similarity(matches[random.Next(matches.Count)], matches[random.Next(matches.Count)]) is not { Zoom: >= MinZoom and <= MaxZoom } map)
                continue;
            int count = 0;
            foreach (ref readonly FeatureMatch match in CollectionsMarshal.AsSpan(matches))
                count += IsWithin(match, map, RoughTolerance) ? 1 : 0;
            if (count > most)
                (most, best) = (count, map);
        }
        return best;
    }

    static List<FeatureMatch> Agree(List<FeatureMatch> matches, Homography map, double tolerance) => [.. matches.Where(match => IsWithin(match, map, tolerance))];

    static bool IsWithin(in FeatureMatch match, in Homography map, double tolerance)
    {
        (double x, double y) = map.Map(match.X, match.Y);
        return (x - match.ToX) * (x - match.ToX) + (y - match.ToY) * (y - match.ToY) <= tolerance * tolerance;
    }
}
