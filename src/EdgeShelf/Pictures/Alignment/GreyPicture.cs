using System.Runtime.CompilerServices;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>A small grey copy of a picture, upright, in which motion is measured.</summary>
/// <param name="width">The width in pixels.</param>
/// <param name="height">The height in pixels.</param>
/// <param name="levels">The luma of BT.601, 0 to 255: width x height values in rows from the top.</param>
sealed class GreyPicture(int width, int height, float[] levels)
{
    /// <summary>The longer side in which shifts are measured, in pixels. One pixel is 0.003 of the picture.</summary>
    public const int ShiftSide = 320;

    /// <summary>The longer side in which features are found, in pixels.</summary>
    public const int FeatureSide = 640;

    /// <summary>A cell of the copy is the mean of at least this many source pixels in each direction, if it has so many.</summary>
    const int SamplesPerCell = 3;

    public int Width => width;
    public int Height => height;
    public float[] Levels => levels;

    /// <summary>Makes the copy. The longer side is at most <paramref name="longerSide"/>; a smaller picture keeps its size.</summary>
    public static GreyPicture Of(Picture picture, int longerSide)
    {
        (int fullWidth, int fullHeight) = picture.FullSize;
        double scale = Math.Min(1, (double)longerSide / Math.Max(fullWidth, fullHeight));
        int width = Math.Clamp((int)Math.Round(fullWidth * scale), 1, picture.Width), height = Math.Clamp((int)Math.Round(fullHeight * scale), 1, picture.Height);
        float[] levels = new float[width * height];
        int[] columns = [.. Enumerable.Range(0, width + 1).Select(cell => (int)((long)cell * picture.Width / width))];
        for (int row = 0; row < height; row++)
        {
            int from = (int)((long)row * picture.Height / height), to = (int)((row + 1L) * picture.Height / height);
            MeanOfCells(picture, from, to, columns, levels.AsSpan(row * width, width));
        }
        return new GreyPicture(width, height, levels);
    }

    /// <summary>Returns the level at a point between four pixels, linearly interpolated. The centre of the first pixel is at 0; points outside take the edge.</summary>
    public float At(double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, Width - 1), Math.Clamp(y, 0, Height - 1));
        int left = Math.Min((int)x, Math.Max(0, Width - 2)), top = Math.Min((int)y, Math.Max(0, Height - 2));
        int at = top * Width + left, right = Width > 1 ? 1 : 0, below = Height > 1 ? Width : 0;
        float across = (float)(x - left), down = (float)(y - top);
        float above = Levels[at] + across * (Levels[at + right] - Levels[at]);
        float under = Levels[at + below] + across * (Levels[at + below + right] - Levels[at + below]);
        return above + down * (under - above);
    }

    /// <summary>Returns a copy with the given size, which is at most the size of this picture. Each pixel is a mean.</summary>
    public GreyPicture Reduced(int newWidth, int newHeight)
    {
        float[] sums = new float[newWidth * newHeight];
        int[] counts = new int[sums.Length];
        for (int y = 0, at = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++, at++)
            {
                int cell = y * newHeight / Height * newWidth + x * newWidth / Width;
                sums[cell] += Levels[at];
                counts[cell]++;
            }
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i] /= counts[i];
        return new GreyPicture(newWidth, newHeight, sums);
    }

    // A device takes one picture a minute, so this must be fast before tiered compilation optimizes it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MeanOfCells(Picture picture, int fromRow, int toRow, int[] columns, Span<float> means)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels;
        int stepDown = Math.Max(1, (toRow - fromRow) / SamplesPerCell);
        for (int cell = 0; cell < means.Length; cell++)
        {
            int stepAcross = Math.Max(1, (columns[cell + 1] - columns[cell]) / SamplesPerCell);
            int sum = 0, count = 0;
            for (int y = fromRow; y < toRow; y += stepDown)
            {
                for (int x = columns[cell]; x < columns[cell + 1]; x += stepAcross)
                {
                    int at = (y * picture.Width + x) * Picture.BytesPerPixel;
                    // The luma weights of BT.601, in units of 1/256.
                    sum += 77 * pixels[at] + 150 * pixels[at + 1] + 29 * pixels[at + 2];
                    count++;
                }
            }
            means[cell] = sum / (256f * count);
        }
    }
}
