using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeShelf.Pictures;

/// <summary>
/// A coarse description of a crop: the mean colour of each cell of a grid. The mean over a cell hides the noise of a sensor but
/// changes when a product is moved.
/// </summary>
sealed class FrameSignature
{
    const int Cells = 28;
    const int Channels = 3;

    readonly float[] _means = new float[Cells * Cells * Channels];

    /// <summary>The means of red, green and blue of each cell, 0 to 255, in rows from the top.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <param name="crop">Side x side x 3 bytes, RGB interleaved.</param>
    public FrameSignature(ReadOnlySpan<byte> crop, int side)
    {
        // A sum of so many bytes fits into 16 bits.
        const int MostRows = ushort.MaxValue / byte.MaxValue;
        ushort[] rented = ArrayPool<ushort>.Shared.Rent(side * Channels);
        Span<ushort> columns = rented.AsSpan(0, side * Channels);
        columns.Clear();
        // The sums are whole numbers below 2^24, which a float holds exactly, so that their order does not matter.
        for (int y = 0, rows = 0; y < side; y++)
        {
            AddRow(crop.Slice(y * side * Channels, side * Channels), columns);
            rows++;
            int row = y * Cells / side;
            if (rows == MostRows || y == side - 1 || (y + 1) * Cells / side != row)
            {
                AddCells(columns, side, _means.AsSpan(row * Cells * Channels, Cells * Channels));
                columns.Clear();
                rows = 0;
            }
        }
        ArrayPool<ushort>.Shared.Return(rented);
        for (int row = 0; row < Cells; row++)
        {
            int height = Start(row + 1, side) - Start(row, side);
            for (int column = 0; column < Cells; column++)
            {
                float count = Math.Max(1, height * (Start(column + 1, side) - Start(column, side)));
                foreach (ref float mean in _means.AsSpan((row * Cells + column) * Channels, Channels))
                    mean /= count;
            }
        }
    }

    /// <summary>The first pixel of a row or column of cells.</summary>
    static int Start(int cell, int side) => (cell * side + Cells - 1) / Cells;

    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddRow(ReadOnlySpan<byte> row, Span<ushort> columns)
    {
        ref byte from = ref MemoryMarshal.GetReference(row);
        ref ushort to = ref MemoryMarshal.GetReference(columns);
        int at = 0;
        for (; at <= row.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            Vector128<byte> levels = Vector128.LoadUnsafe(ref from, (nuint)at);
            (Vector128.LoadUnsafe(ref to, (nuint)at) + Vector128.WidenLower(levels)).StoreUnsafe(ref to, (nuint)at);
            nuint upper = (nuint)(at + Vector128<ushort>.Count);
            (Vector128.LoadUnsafe(ref to, upper) + Vector128.WidenUpper(levels)).StoreUnsafe(ref to, upper);
        }
        for (; at < row.Length; at++)
            columns[at] += row[at];
    }

    static void AddCells(ReadOnlySpan<ushort> columns, int side, Span<float> cells)
    {
        for (int cell = 0; cell < Cells; cell++)
        {
            int red = 0, green = 0, blue = 0;
            for (int at = Start(cell, side) * Channels; at < Start(cell + 1, side) * Channels; at += Channels)
            {
                red += columns[at];
                green += columns[at + 1];
                blue += columns[at + 2];
            }
            cells[cell * Channels] += red;
            cells[cell * Channels + 1] += green;
            cells[cell * Channels + 2] += blue;
        }
    }

    /// <summary>The difference of the cell and channel that differ most, in levels of 255, so that one changed corner makes a changed frame.</summary>
    public double DifferenceTo(FrameSignature other)
    {
        float largest = 0;
        for (int i = 0; i < _means.Length; i++)
            largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        return largest;
    }
}
