using System.Numerics;

namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// Finds by which shifts two pictures may differ (Kuglin and Hines 1975). Only the phases count, so light and slow shadows do not.
/// The height of a peak does not tell a turn or a zoom from a shift, so each shift is only a candidate that must be checked.
/// </summary>
static class PhaseCorrelation
{
    /// <summary>Two peaks that are closer than this are one, in pixels of the halved pictures.</summary>
    const int PeakRadius = 3;

    /// <summary>Returns the likeliest shifts from the reference to the picture, in pixels, exact to two pixels. The likeliest is first.</summary>
    /// <param name="reference">A picture of the same size as <paramref name="picture"/>.</param>
    public static List<(int X, int Y)> Candidates(GreyPicture reference, GreyPicture picture, int count)
    {
        int width = Math.Max(1, reference.Width / 2), height = Math.Max(1, reference.Height / 2);
        int columns = (int)BitOperations.RoundUpToPowerOf2((uint)width), rows = (int)BitOperations.RoundUpToPowerOf2((uint)height);
        FourierTransform transform = new(columns, rows);
        (float[] real, float[] imaginary) = Transformed(reference.Reduced(width, height), columns, rows, transform);
        (float[] shiftedReal, float[] shiftedImaginary) = Transformed(picture.Reduced(width, height), columns, rows, transform);
        for (int i = 0; i < real.Length; i++)
        {
            float re = shiftedReal[i] * real[i] + shiftedImaginary[i] * imaginary[i];
            float im = shiftedImaginary[i] * real[i] - shiftedReal[i] * imaginary[i];
            float length = MathF.Sqrt(re * re + im * im) + float.Epsilon;
            (real[i], imaginary[i]) = (re / length, im / length);
        }
        transform.Run(real, imaginary, inverse: true);
        List<(int X, int Y)> peaks = [];
        for (int i = 0; i < count; i++)
        {
            int best = Array.IndexOf(real, real.Max());
            (int x, int y) = (best % columns, best / columns);
            peaks.Add((2 * (x < columns / 2 ? x : x - columns), 2 * (y < rows / 2 ? y : y - rows)));
            for (int dy = -PeakRadius; dy <= PeakRadius; dy++)
            {
                for (int dx = -PeakRadius; dx <= PeakRadius; dx++)
                    real[(y + dy + rows) % rows * columns + (x + dx + columns) % columns] = float.MinValue;
            }
        }
        return peaks;
    }

    /// <summary>Transforms a picture whose mean is removed and whose edges fade out, because the edges would match themselves at no shift.</summary>
    static (float[] Real, float[] Imaginary) Transformed(GreyPicture picture, int columns, int rows, FourierTransform transform)
    {
        float[] real = new float[columns * rows], imaginary = new float[columns * rows];
        float mean = picture.Levels.Average();
        for (int y = 0; y < picture.Height; y++)
        {
            float fade = Hann(y, picture.Height);
            for (int x = 0; x < picture.Width; x++)
                real[y * columns + x] = (picture.Levels[y * picture.Width + x] - mean) * fade * Hann(x, picture.Width);
        }
        transform.Run(real, imaginary, inverse: false);
        return (real, imaginary);
    }

    static float Hann(int at, int length) => 0.5f - 0.5f * MathF.Cos(2 * MathF.PI * (at + 0.5f) / length);
}
