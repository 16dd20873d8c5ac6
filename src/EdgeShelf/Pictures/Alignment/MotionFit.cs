namespace EdgeShelf.Pictures.Alignment;

/// <summary>A similarity that most tiles agree on: a point at (x, y) moves by (Zoom x - Turn y + X, Turn x + Zoom y + Y) pixels.</summary>
/// <param name="Zoom">The enlargement less one.</param>
/// <param name="Turn">The turn in radians, clockwise in the picture, for small turns.</param>
/// <param name="Agreeing">The tiles that agree.</param>
sealed record MotionFit(double Zoom, double Turn, double X, double Y, IReadOnlyList<TileMotion> Agreeing)
{
    /// <summary>The maximum distance of a tile from where the motion puts it, in pixels.</summary>
    const double Tolerance = 0.75;

    /// <summary>
    /// A shift is taken if it explains this share of the tiles that the best similarity explains. Few tiles in one corner, or goods that were
    /// put back a little aside, would otherwise make a turn of noise.
    /// </summary>
    const double ShiftIsEnough = 0.8;

    /// <summary>The minimum distance in pixels of two tiles that define a turn and a zoom.</summary>
    const double MinDistance = 2 * Tile.Side;

    /// <summary>Searches all pairs of tiles, so that the result does not depend on chance. Returns null if no tile was found.</summary>
    public static MotionFit? Of(IReadOnlyList<TileMotion> motions)
    {
        TileMotion[] whole = [.. motions.Where(motion => motion.Tile is { ShowsX: true, ShowsY: true })];
        (double, double, double, double) best = default;
        int most = 0;
        void Consider((double, double, double, double) motion)
        {
            int count = motions.Count(found => Agrees(found, motion));
            if (count > most)
                (most, best) = (count, motion);
        }

        foreach (TileMotion motion in whole)
            Consider((0, 0, motion.X, motion.Y));
        (int mostShifted, (double, double, double, double) bestShift) = (most, best);
        for (int i = 0; i < whole.Length; i++)
        {
            for (int j = i + 1; j < whole.Length; j++)
            {
                if (Through(whole[i], whole[j]) is { } motion)
                    Consider(motion);
            }
        }
        if (most == 0)
            return null;
        if (mostShifted >= ShiftIsEnough * most)
            best = bestShift;
        TileMotion[] agreeing = [.. motions.Where(found => Agrees(found, best))];
        for (int round = 0; round < 2; round++)
        {
            best = LeastSquares(agreeing, isShift: best is (0, 0, _, _)) ?? best;
            TileMotion[] next = [.. motions.Where(found => Agrees(found, best))];
            if (next.Length < agreeing.Length)
                break;
            agreeing = next;
        }
        return new MotionFit(best.Item1, best.Item2, best.Item3, best.Item4, agreeing);
    }

    /// <summary>The number of agreeing tiles that show motion in both directions. Tiles with one straight edge agree with many motions.</summary>
    public int AgreeingInBoth => Agreeing.Count(found => found.Tile is { ShowsX: true, ShowsY: true });

    /// <summary>The shift that is nearest to the motion of all agreeing tiles, and the largest distance that is left at one of their corners, in pixels.</summary>
    public (double X, double Y, double Left) NearestShift()
    {
        (double, double)[] moves = [.. Agreeing.SelectMany(found => CornersOf(found.Tile)).Select(corner => Move((Zoom, Turn, X, Y), corner.X, corner.Y))];
        double x = (moves.Min(move => move.Item1) + moves.Max(move => move.Item1)) / 2, y = (moves.Min(move => move.Item2) + moves.Max(move => move.Item2)) / 2;
        return (x, y, moves.Max(move => Math.Sqrt((move.Item1 - x) * (move.Item1 - x) + (move.Item2 - y) * (move.Item2 - y))));
    }

    static (double X, double Y)[] CornersOf(Tile tile) =>
        [(tile.Left, tile.Top), (tile.Left + Tile.Side, tile.Top), (tile.Left, tile.Top + Tile.Side), (tile.Left + Tile.Side, tile.Top + Tile.Side)];

    static (double X, double Y) Move((double Zoom, double Turn, double X, double Y) motion, double x, double y) =>
        (motion.Zoom * x - motion.Turn * y + motion.X, motion.Turn * x + motion.Zoom * y + motion.Y);

    static bool Agrees(TileMotion found, (double, double, double, double) motion)
    {
        (double x, double y) = Move(motion, found.Tile.CenterX, found.Tile.CenterY);
        return (!found.Tile.ShowsX || Math.Abs(found.X - x) <= Tolerance) && (!found.Tile.ShowsY || Math.Abs(found.Y - y) <= Tolerance);
    }

    static (double, double, double, double)? Through(TileMotion a, TileMotion b)
    {
        (double x, double y) = (b.Tile.CenterX - a.Tile.CenterX, b.Tile.CenterY - a.Tile.CenterY);
        double square = x * x + y * y;
        if (square < MinDistance * MinDistance)
            return null;
        (double moveX, double moveY) = (b.X - a.X, b.Y - a.Y);
        double zoom = (x * moveX + y * moveY) / square, turn = (x * moveY - y * moveX) / square;
        return (zoom, turn, a.X - zoom * a.Tile.CenterX + turn * a.Tile.CenterY, a.Y - turn * a.Tile.CenterX - zoom * a.Tile.CenterY);
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    /// <summary>The motion with the least sum of squares, or null if the tiles do not define one.</summary>
    static (double, double, double, double)? LeastSquares(TileMotion[] motions, bool isShift)
    {
        if (isShift)
        {
            TileMotion[] across = [.. motions.Where(found => found.Tile.ShowsX)], down = [.. motions.Where(found => found.Tile.ShowsY)];
            return across.Length > 0 && down.Length > 0 ? (0, 0, Median(across.Select(found => found.X)), Median(down.Select(found => found.Y))) : null;
        }
        LinearEquations equations = new(4);
        // Around the middle of the tiles the unknowns depend less on each other.
        double middleX = motions.Average(found => found.Tile.CenterX), middleY = motions.Average(found => found.Tile.CenterY);
        foreach (TileMotion found in motions)
        {
            (double x, double y) = (found.Tile.CenterX - middleX, found.Tile.CenterY - middleY);
            if (found.Tile.ShowsX)
                equations.Add([x, -y, 1, 0], found.X);
            if (found.Tile.ShowsY)
                equations.Add([y, x, 0, 1], found.Y);
        }
        return equations.Solve() is [double zoom, double turn, double shiftX, double shiftY]
            ? (zoom, turn, shiftX - zoom * middleX + turn * middleY, shiftY - turn * middleX - zoom * middleY)
            : null;
    }
}
