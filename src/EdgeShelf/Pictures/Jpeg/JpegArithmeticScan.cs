using System.Numerics;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>Reads the blocks of an arithmetic-coded scan (ITU T.81 F.1.4, F.2.4 and G.1.3) for <see cref="JpegScan"/>.</summary>
/// <param name="parts">The components of the scan.</param>
/// <param name="first">The first coefficient, in zigzag order.</param>
/// <param name="last">The last coefficient.</param>
/// <param name="high">The lowest bit that earlier scans sent, or 0 if no earlier scan sent any.</param>
/// <param name="low">The lowest bit that the scan sends.</param>
ref struct JpegArithmeticScan(ReadOnlySpan<byte> bytes, int start, JpegScan.Part[] parts, int first, int last, int high, int low)
{
    /// <summary>Table F.4: where the bins of the magnitude categories begin, and the offset from each to the bins of its magnitude bits.</summary>
    const int DcCategories = 20, LowAcCategories = 189, HighAcCategories = 217, ToMagnitude = 14;

    const int LongestValue = 15, Bins = 256;

    readonly byte[] _dc = new byte[Bins * 4];
    readonly byte[] _ac = new byte[Bins * 4];
    readonly int[] _contexts = new int[parts.Length];
    // The refinement bits of DC coefficients are not modelled. In a dark picture all of them are zero, however many there are.
    QmDecoder _decoder = new(bytes, start, first == 0 && high > 0 ? int.MaxValue : QmDecoder.MostImplied);
    byte _even = QmDecoder.EvenOdds;

    public readonly bool IsStarved => _decoder.IsStarved;

    public readonly int Position => _decoder.Position;

    public bool TryEnd(out int left) => _decoder.TryEnd(out left);

    public void Restart(int at)
    {
        _decoder.Restart(at);
        Array.Clear(_dc);
        Array.Clear(_ac);
        Array.Clear(_contexts);
    }

    /// <summary>Reads the DC coefficient of a block: the whole value, or its upper bits.</summary>
    public bool Dc(int index)
    {
        JpegScan.Part part = parts[index];
        Span<byte> bins = _dc.AsSpan(Bins * part.DcIndex, Bins);
        int at = _contexts[index];
        _contexts[index] = 0;
        if (!_decoder.Decode(ref bins[at]))
            return InRange(part);
        bool negative = _decoder.Decode(ref bins[at + 1]);
        at += negative ? 3 : 2;
        int size = 0;
        if (_decoder.Decode(ref bins[at]))
        {
            size = 1;
            for (at = DcCategories; _decoder.Decode(ref bins[at]); at++)
            {
                if (++size > LongestValue)
                    return false;
            }
        }
        int magnitude = size == 0 ? 0 : 1 << (size - 1);
        // Figure F.10: the size of this difference (zero, small or large) and its sign select the context of the next one.
        if (magnitude >= 1 << part.Conditioning.Lower >> 1)
            _contexts[index] = (magnitude > 1 << part.Conditioning.Upper >> 1 ? 12 : 4) + (negative ? 4 : 0);
        int value = Magnitude(bins, at, magnitude) + 1;
        part.Prediction += negative ? -value : value;
        return InRange(part);
    }

    public bool DcRefinement()
    {
        _decoder.Decode(ref _even);
        return true;
    }

    /// <summary>Reads the AC coefficients that no earlier scan has sent.</summary>
    public bool Ac(int index, ref ulong nonZero)
    {
        JpegScan.Part part = parts[index];
        Span<byte> bins = _ac.AsSpan(Bins * part.AcIndex, Bins);
        for (int k = Math.Max(1, first); k <= last; k++)
        {
            if (_decoder.Decode(ref bins[3 * (k - 1)]))
                return true;
            while (!_decoder.Decode(ref bins[3 * (k - 1) + 1]))
            {
                if (++k > last)
                    return false;
            }
            _decoder.Decode(ref _even);
            int at = 3 * (k - 1) + 2;
            int size = 0;
            if (_decoder.Decode(ref bins[at]))
            {
                size = 1;
                if (_decoder.Decode(ref bins[at]))
                {
                    size = 2;
                    for (at = k <= part.Conditioning.Low ? LowAcCategories : HighAcCategories; _decoder.Decode(ref bins[at]); at++)
                    {
                        if (++size > LongestValue)
                            return false;
                    }
                }
            }
            int value = Magnitude(bins, at, size == 0 ? 0 : 1 << (size - 1)) + 1;
            if (BitOperations.Log2((uint)value) + 1 + low > part.Limits.Sizes[k])
                return false;
            nonZero |= 1UL << k;
        }
        return true;
    }

    /// <summary>Reads one more bit of the AC coefficients.</summary>
    public bool AcRefinement(int index, ref ulong nonZero)
    {
        JpegScan.Part part = parts[index];
        Span<byte> bins = _ac.AsSpan(Bins * part.AcIndex, Bins);
        ulong before = nonZero;
        int end = 63 - BitOperations.LeadingZeroCount(before & (ulong.MaxValue >> (63 - last)));
        for (int k = first; k <= last; k++)
        {
            if (k > end && _decoder.Decode(ref bins[3 * (k - 1)]))
                return true;
            while (true)
            {
                if ((before >> k & 1) != 0)
                {
                    _decoder.Decode(ref bins[3 * (k - 1) + 2]);
                    break;
                }
                if (_decoder.Decode(ref bins[3 * (k - 1) + 1]))
                {
                    _decoder.Decode(ref _even);
                    nonZero |= 1UL << k;
                    if (1 + low > part.Limits.Sizes[k])
                        return false;
                    break;
                }
                if (++k > last)
                    return false;
            }
        }
        return true;
    }

    readonly bool InRange(JpegScan.Part part) => Math.Abs((long)part.Prediction << low) <= part.Limits.Dc + (1 << low);

    int Magnitude(Span<byte> bins, int at, int highest)
    {
        int value = highest;
        for (int bit = highest >> 1; bit > 0; bit >>= 1)
        {
            if (_decoder.Decode(ref bins[at + ToMagnitude]))
                value |= bit;
        }
        return value;
    }
}
