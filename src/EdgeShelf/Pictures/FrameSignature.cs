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

    /// <param name="crop">Side x side x 3 bytes, RGB interleaved.</param>
    public FrameSignature(ReadOnlySpan<byte> crop, int side)
    {
        int[] counts = new int[Cells * Cells];
        for (int y = 0, at = 0; y < side; y++)
        {
            int row = y * Cells / side * Cells;
            for (int x = 0; x < side; x++, at += Channels)
            {
                int cell = row + x * Cells / side;
                counts[cell]++;
                for (int channel = 0; channel < Channels; channel++)
                    _means[cell * Channels + channel] += crop[at + channel];
            }
        }
        for (int i = 0; i < _means.Length; i++)
            _means[i] /= Math.Max(1, counts[i / Channels]);
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
