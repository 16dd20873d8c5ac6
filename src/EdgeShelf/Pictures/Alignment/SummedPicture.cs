namespace EdgeShelf.Pictures.Alignment;

/// <summary>Sums of a picture's levels and their squares over all rectangles that begin at the upper left corner (Crow 1984).</summary>
sealed class SummedPicture
{
    readonly int _stride;
    readonly double[] _sums;
    readonly double[] _squares;

    public SummedPicture(GreyPicture picture)
    {
        _stride = picture.Width + 1;
        _sums = new double[_stride * (picture.Height + 1)];
        _squares = new double[_sums.Length];
        for (int y = 0; y < picture.Height; y++)
        {
            double sum = 0, square = 0;
            for (int x = 0; x < picture.Width; x++)
            {
                double level = picture.Levels[y * picture.Width + x];
                sum += level;
                square += level * level;
                int at = (y + 1) * _stride + x + 1;
                _sums[at] = _sums[at - _stride] + sum;
                _squares[at] = _squares[at - _stride] + square;
            }
        }
    }

    /// <summary>Returns the standard deviation of the levels in a square, in levels.</summary>
    public double Deviation(int left, int top, int side)
    {
        double count = (double)side * side, mean = In(_sums, left, top, side) / count;
        return Math.Sqrt(Math.Max(0, In(_squares, left, top, side) / count - mean * mean));
    }

    double In(double[] sums, int left, int top, int side)
    {
        int above = top * _stride + left, below = (top + side) * _stride + left;
        return sums[below + side] - sums[below] - sums[above + side] + sums[above];
    }
}
