namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// The limits of a component's quantized coefficients when the samples have 8 bits. A damaged scan that still consists of valid
/// codes often exceeds them.
/// </summary>
sealed class JpegLimits
{
    /// <summary>An orthonormal 8 x 8 DCT of samples from -128 to 127 gives a DC coefficient from -1024 to 1016.</summary>
    const int LargestDc = 1024;

    /// <summary>The largest factor by which encoders that reduce ringing around edges let samples overshoot.</summary>
    const double Overshoot = 1.25;

    /// <summary>The maximum length of an AC coefficient's value, in bits (T.81 table F.2).</summary>
    const int LongestAc = 10;

    /// <summary>For each zigzag index, the coefficient of the samples whose signs are those of its basis function.</summary>
    static readonly double[] LargestAc = [.. Enumerable.Range(0, 64).Select(Zigzag).Select(at => 128 * SumOf(at.Row) * SumOf(at.Column) / 4)];

    /// <param name="quantization">64 factors in zigzag order.</param>
    public JpegLimits(ReadOnlySpan<ushort> quantization)
    {
        // Rounding moves a coefficient by half a step, and an encoder that optimizes for size may choose the next step.
        Dc = LargestDc / Math.Max(1, (int)quantization[0]) + 2;
        for (int index = 1; index < 64; index++)
        {
            double largest = LargestAc[index] * Overshoot / Math.Max(1, (int)quantization[index]) + 1;
            int size = 1;
            while (size < LongestAc && 1 << size <= largest)
                size++;
            Sizes[index] = (sbyte)size;
        }
        Sizes.AsSpan(64).Fill(-1);
        Sizes.AsSpan(JpegHuffmanTable.Code.EndOfBlock).Fill(sbyte.MaxValue);
        Sizes[0] = -1;
    }

    /// <summary>The largest magnitude of a DC coefficient.</summary>
    public int Dc { get; }

    /// <summary>
    /// For each zigzag index, the maximum number of bits of an AC coefficient's value. From index 64 on it is -1, because only the end of
    /// a block is allowed there.
    /// </summary>
    public sbyte[] Sizes { get; } = new sbyte[256];

    static double SumOf(int frequency) =>
        Enumerable.Range(0, 8).Sum(sample => Math.Abs(Math.Cos((2 * sample + 1) * frequency * Math.PI / 16))) * (frequency == 0 ? Math.Sqrt(0.5) : 1);

    /// <summary>The zigzag order of T.81 figure A.6: diagonals, alternately upwards and downwards.</summary>
    static (int Row, int Column) Zigzag(int index)
    {
        int diagonal = 0;
        for (int length = 1; index >= length; diagonal++, length = diagonal < 8 ? diagonal + 1 : 15 - diagonal)
            index -= length;
        int first = Math.Max(0, diagonal - 7);
        return diagonal % 2 == 0 ? (diagonal - first - index, first + index) : (first + index, diagonal - first - index);
    }
}
