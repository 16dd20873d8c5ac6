using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>A square part of the reference picture that is looked for in another picture.</summary>
sealed class Tile
{
    /// <summary>The side in pixels: a tenth of the picture's longer side.</summary>
    public const int Side = 32;

    /// <summary>The minimum standard deviation of a tile that can be looked for, in levels.</summary>
    public const double MinDeviation = 4;

    /// <summary>The minimum mean of the squared slope in a direction, in levels per pixel, that makes a motion in this direction visible.</summary>
    const double MinSlope = 4;

    /// <summary>The minimum ratio of the smaller to the larger slope of a tile that shows motion in both directions.</summary>
    const double MinRatio = 0.05;

    readonly float[] _pattern = new float[Side * Side];

    Tile(int left, int top)
    {
        Left = left;
        Top = top;
    }

    public int Left { get; }
    public int Top { get; }
    public double CenterX => Left + (Side - 1) / 2.0;
    public double CenterY => Top + (Side - 1) / 2.0;

    /// <summary>Whether a motion to the side is visible in this tile. A tile with one horizontal edge shows only a motion up or down.</summary>
    public bool ShowsX { get; private init; }

    /// <summary>Whether a motion up or down is visible in this tile.</summary>
    public bool ShowsY { get; private init; }

    /// <summary>Returns the tiles of a grid in which motion is visible.</summary>
    public static Tile[] Of(GreyPicture reference)
    {
        List<Tile> tiles = [];
        int across = reference.Width / Side, down = reference.Height / Side;
        int marginX = (reference.Width - across * Side) / 2, marginY = (reference.Height - down * Side) / 2;
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
            {
                if (At(reference, marginX + column * Side, marginY + row * Side) is { } tile)
                    tiles.Add(tile);
            }
        }
        return [.. tiles];
    }

    static Tile? At(GreyPicture reference, int left, int top)
    {
        double slopeX = 0, slopeY = 0, slopeXY = 0;
        for (int y = top + 1; y < top + Side - 1; y++)
        {
            for (int x = left + 1; x < left + Side - 1; x++)
            {
                int at = y * reference.Width + x;
                double dx = (reference.Levels[at + 1] - reference.Levels[at - 1]) / 2, dy = (reference.Levels[at + reference.Width] - reference.Levels[at - reference.Width]) / 2;
                (slopeX, slopeY, slopeXY) = (slopeX + dx * dx, slopeY + dy * dy, slopeXY + dx * dy);
            }
        }
        const double Count = (Side - 2) * (Side - 2);
        (slopeX, slopeY, slopeXY) = (slopeX / Count, slopeY / Count, slopeXY / Count);
        // The eigenvalues of the structure tensor (Förstner and Gülch 1987): the smaller one is the slope along an edge.
        double mean = (slopeX + slopeY) / 2, half = Math.Sqrt((slopeX - slopeY) * (slopeX - slopeY) / 4 + slopeXY * slopeXY);
        bool both = mean - half >= MinSlope && mean - half >= MinRatio * (mean + half);
        Tile tile = new(left, top)
        {
            ShowsX = both || slopeX >= MinSlope && slopeY < MinRatio * slopeX,
            ShowsY = both || slopeY >= MinSlope && slopeX < MinRatio * slopeY,
        };
        double deviation = tile.Normalize(reference);
        return deviation >= MinDeviation && (tile.ShowsX || tile.ShowsY) ? tile : null;
    }

    /// <summary>Looks for this tile near a shift.</summary>
    /// <param name="shiftX">The shift to look around, in pixels.</param>
    /// <param name="radius">The number of pixels to look in each direction that the tile shows.</param>
    /// <param name="sums">Sums over the picture to look in.</param>
    /// <returns>The motion in pixels and the normalized cross-correlation, -1 to 1; null if nothing is like the tile within the radius.</returns>
    public TileMotion? Find(GreyPicture picture, SummedPicture sums, int shiftX, int shiftY, int radius, double minLikeness)
    {
        int radiusX = ShowsX ? radius : 0, radiusY = ShowsY ? radius : 0;
        int columns = 2 * radiusX + 1;
        Span<double> likeness = stackalloc double[columns * (2 * radiusY + 1)];
        int best = 0;
        for (int i = 0; i < likeness.Length; i++)
        {
            int left = Left + shiftX + i % columns - radiusX, top = Top + shiftY + i / columns - radiusY;
            likeness[i] = left < 0 || top < 0 || left + Side > picture.Width || top + Side > picture.Height ? -1 : Likeness(picture, sums, left, top);
            if (likeness[i] > likeness[best])
                best = i;
        }
        (int x, int y) = (best % columns, best / columns);
        bool onEdge = radiusX > 0 && (x == 0 || x == 2 * radiusX) || radiusY > 0 && (y == 0 || y == 2 * radiusY);
        if (likeness[best] < minLikeness || onEdge)
            return null;
        double partX = radiusX > 0 ? Parabola.Peak(likeness[best - 1], likeness[best], likeness[best + 1]) : 0;
        double partY = radiusY > 0 ? Parabola.Peak(likeness[best - columns], likeness[best], likeness[best + columns]) : 0;
        return new TileMotion(this, shiftX + x - radiusX + partX, shiftY + y - radiusY + partY, likeness[best]);
    }

    /// <summary>Removes the mean and scales the pattern to length one. Returns the standard deviation.</summary>
    double Normalize(GreyPicture reference)
    {
        for (int row = 0; row < Side; row++)
            reference.Levels.AsSpan((Top + row) * reference.Width + Left, Side).CopyTo(_pattern.AsSpan(row * Side));
        float mean = _pattern.Average();
        double square = 0;
        for (int i = 0; i < _pattern.Length; i++)
        {
            _pattern[i] -= mean;
            square += _pattern[i] * _pattern[i];
        }
        float length = (float)Math.Sqrt(square) + float.Epsilon;
        for (int i = 0; i < _pattern.Length; i++)
            _pattern[i] /= length;
        return length / Side;
    }

    // A device takes one picture a minute, so this must be fast before tiered compilation optimizes it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    double Likeness(GreyPicture picture, SummedPicture sums, int left, int top)
    {
        double deviation = sums.Deviation(left, top, Side);
        if (deviation < MinDeviation / 4)
            return -1;
        ReadOnlySpan<float> levels = picture.Levels, pattern = _pattern;
        Vector<float> sum = Vector<float>.Zero;
        for (int row = 0; row < Side; row++)
        {
            ReadOnlySpan<float> there = levels.Slice((top + row) * picture.Width + left, Side), here = pattern.Slice(row * Side, Side);
            for (int i = 0; i < Side; i += Vector<float>.Count)
                sum += new Vector<float>(there[i..]) * new Vector<float>(here[i..]);
        }
        return Vector.Sum(sum) / (deviation * Side);
    }
}

/// <summary>Where a tile was found.</summary>
/// <param name="X">The motion to the right in pixels. It is meaningless if the tile does not show it.</param>
/// <param name="Y">The motion down in pixels. It is meaningless if the tile does not show it.</param>
/// <param name="Likeness">The normalized cross-correlation, -1 to 1.</param>
readonly record struct TileMotion(Tile Tile, double X, double Y, double Likeness);
