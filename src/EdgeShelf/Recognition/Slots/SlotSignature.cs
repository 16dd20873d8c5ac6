using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// A coarse description of a slot, made from the decoded picture without resizing: the mean colour of each cell of a grid. The mean over a
/// cell hides the noise of the sensor.
/// </summary>
sealed class SlotSignature
{
    /// <summary>The smallest side of a cell, in pixels, so that the noise averages out.</summary>
    const int CellPixels = 8;
    const int MostCells = 12;
    const int Channels = 3;

    readonly float[] _means;
    readonly int _columns;

    public SlotSignature(Picture picture, Region region)
    {
        (double left, double top, double width, double height) = picture.Extent;
        int x = Math.Clamp((int)(left + region.X * width), 0, picture.Width - 1), y = Math.Clamp((int)(top + region.Y * height), 0, picture.Height - 1);
        int right = Math.Clamp((int)(left + region.Right * width), x + 1, picture.Width), bottom = Math.Clamp((int)(top + region.Bottom * height), y + 1, picture.Height);
        _columns = Math.Clamp((right - x) / CellPixels, 1, MostCells);
        int rows = Math.Clamp((bottom - y) / CellPixels, 1, MostCells);
        _means = new float[_columns * rows * Channels];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < _columns; column++)
                Average(picture, Part(x, right, column, _columns), Part(y, bottom, row, rows), _means.AsSpan((row * _columns + column) * Channels, Channels));
        }
    }

    /// <summary>The difference of the cell and channel that differ most, in levels of 255; infinite for slots of another size.</summary>
    public double DifferenceTo(SlotSignature other)
    {
        if (_means.Length != other._means.Length || _columns != other._columns)
            return double.PositiveInfinity;
        float largest = 0;
        for (int i = 0; i < _means.Length; i++)
            largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        return largest;
    }

    static (int From, int To) Part(int from, int to, int index, int count) => (from + (to - from) * index / count, from + (to - from) * (index + 1) / count);

    static void Average(Picture picture, (int From, int To) columns, (int From, int To) rows, Span<float> mean)
    {
        int red = 0, green = 0, blue = 0;
        ReadOnlySpan<byte> pixels = picture.Pixels;
        for (int y = rows.From; y < rows.To; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice((y * picture.Width + columns.From) * Picture.BytesPerPixel, (columns.To - columns.From) * Picture.BytesPerPixel);
            for (int at = 0; at < row.Length; at += Picture.BytesPerPixel)
            {
                red += row[at];
                green += row[at + 1];
                blue += row[at + 2];
            }
        }
        float count = (columns.To - columns.From) * (rows.To - rows.From);
        (mean[0], mean[1], mean[2]) = (red / count, green / count, blue / count);
    }
}
