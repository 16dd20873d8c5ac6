namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// The discrete Fourier transform in two dimensions, radix 2 (Cooley and Tukey 1965). It is our own because the packages that NuGet
/// offers are much larger than these lines, and only one picture in many needs it.
/// </summary>
/// <param name="columns">A power of two.</param>
/// <param name="rows">A power of two.</param>
sealed class FourierTransform(int columns, int rows)
{
    readonly (float Cos, float Sin)[] _turns =
        [.. Enumerable.Range(0, Math.Max(columns, rows) / 2).Select(i => MathF.SinCos(-2 * MathF.PI * i / Math.Max(columns, rows))).Select(turn => (turn.Cos, turn.Sin))];

    /// <summary>Transforms columns x rows complex values in place. The inverse is not divided by the number of values.</summary>
    public void Run(float[] real, float[] imaginary, bool inverse)
    {
        for (int row = 0; row < rows; row++)
            Line(real, imaginary, row * columns, 1, columns, inverse);
        for (int column = 0; column < columns; column++)
            Line(real, imaginary, column, columns, rows, inverse);
    }

    void Line(float[] real, float[] imaginary, int start, int stride, int length, bool inverse)
    {
        for (int i = 1, j = 0; i < length; i++)
        {
            int bit = length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
            {
                (int a, int b) = (start + i * stride, start + j * stride);
                (real[a], real[b]) = (real[b], real[a]);
                (imaginary[a], imaginary[b]) = (imaginary[b], imaginary[a]);
            }
        }
        for (int half = 1; half < length; half *= 2)
        {
            int step = _turns.Length / half;
            for (int i = 0; i < length; i += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    (float cos, float sin) = _turns[k * step];
                    if (inverse)
                        sin = -sin;
                    (int a, int b) = (start + (i + k) * stride, start + (i + k + half) * stride);
                    (float re, float im) = (real[b] * cos - imaginary[b] * sin, real[b] * sin + imaginary[b] * cos);
                    (real[b], imaginary[b]) = (real[a] - re, imaginary[a] - im);
                    (real[a], imaginary[a]) = (real[a] + re, imaginary[a] + im);
                }
            }
        }
    }
}
