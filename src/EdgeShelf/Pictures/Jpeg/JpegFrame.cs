namespace EdgeShelf.Pictures.Jpeg;

/// <summary>The contents of a JPEG's frame header (ITU T.81 B.2.2), and which bits its scans have sent so far.</summary>
sealed class JpegFrame
{
    public required bool IsProgressive { get; init; }
    public required bool IsArithmetic { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required IReadOnlyList<Component> Components { get; init; }

    int WidestSampling => Components.Max(component => component.Across);
    int TallestSampling => Components.Max(component => component.Down);

    /// <summary>The number of minimum coded units in one row of a scan of several components.</summary>
    public int UnitsAcross => Ceiling(Width, 8 * WidestSampling);

    /// <summary>The number of rows of minimum coded units in a scan of several components.</summary>
    public int UnitsDown => Ceiling(Height, 8 * TallestSampling);

    /// <summary>The number of blocks in one row of a scan of this component alone.</summary>
    public int BlocksAcross(Component component) => Ceiling(Width * component.Across, 8 * WidestSampling);

    /// <summary>The number of rows of blocks in a scan of this component alone.</summary>
    public int BlocksDown(Component component) => Ceiling(Height * component.Down, 8 * TallestSampling);

    static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;

    /// <summary>One component, such as luminance.</summary>
    /// <param name="Across">Horizontal sampling factor, 1 to 4.</param>
    /// <param name="Down">Vertical sampling factor, 1 to 4.</param>
    public sealed record Component(byte Id, int Across, int Down, int QuantizationTable)
    {
        /// <summary>The allowed range of each coefficient. Null before the first scan.</summary>
        public JpegLimits? Limits { get; set; }

        /// <summary>For each coefficient, the lowest bit that the scans have sent, or -1 if none was sent.</summary>
        public int[] LowestBit { get; } = [.. Enumerable.Repeat(-1, 64)];

        /// <summary>In progressive pictures, for each block: which coefficients are not zero, one bit each. Null until it is needed.</summary>
        public ulong[]? NonZero { get; set; }
    }
}
