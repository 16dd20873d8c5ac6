using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>Reads the blocks of a Huffman-coded scan (ITU T.81 F.2.2 and G.1.2) for <see cref="JpegScan"/>.</summary>
/// <param name="first">The first coefficient, in zigzag order.</param>
/// <param name="last">The last coefficient.</param>
/// <param name="low">The lowest bit that the scan sends.</param>
ref struct JpegHuffmanScan(ReadOnlySpan<byte> bytes, int start, int first, int last, int low)
{
    JpegBits _bits = new(bytes, start);
    int _endOfBand;

    public readonly bool IsStarved => _bits.IsStarved || _bits.Count < 0;

    public readonly int Position => _bits.Position;

    /// <summary>The number of following blocks that, according to the progressive scan, have no further coefficients.</summary>
    public readonly int EmptyBlocks => _endOfBand;

    public bool TryEnd(out int left) => _bits.TryEnd(out left);

    public void Restart(int at) => _bits.Restart(at);

    /// <summary>Reads a whole block of a sequential picture.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Sequential(JpegScan.Part part)
    {
        if (!Dc(part))
            return false;
        ref uint lookup = ref MemoryMarshal.GetReference(part.Ac!.Lookup);
        ref sbyte sizes = ref MemoryMarshal.GetArrayDataReference(part.Limits.Sizes);
        ulong next = _bits.Next;
        int count = _bits.Count;
        int index = 0;
        while (index < 63)
        {
            if (count < JpegBits.Least)
            {
                ulong word = _bits.PlainWord();
                if (word != 0 && count >= 0)
                {
                    // As in Fill, with the bits in registers.
                    int whole = (63 - count) >> 3;
                    next |= word >> count;
                    count += whole * 8;
                    _bits.Advance(whole);
                }
                else
                {
                    (_bits.Next, _bits.Count) = (next, count);
                    _bits.Fill();
                    (next, count) = (_bits.Next, _bits.Count);
                }
            }
            uint code = Unsafe.Add(ref lookup, (int)(next >> (64 - JpegHuffmanTable.LookupBits)));
            if (code == 0)
                code = part.Ac.FindLong(next);
            int length = (int)(code & 0xFF);
            next <<= length;
            count -= length;
            index += (int)((code >> 8) & 0xFF);
            if ((int)((code >> 16) & 0xFF) > Unsafe.Add(ref sizes, index))
                break;
        }
        (_bits.Next, _bits.Count) = (next, count);
        return index is 63 or >= JpegHuffmanTable.Code.EndOfBlock;
    }

    /// <summary>Reads one more bit of a DC coefficient.</summary>
    public bool DcRefinement()
    {
        _bits.Take(1);
        return true;
    }

    /// <summary>Reads the DC coefficient of a block: the whole value, or its upper bits.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Dc(JpegScan.Part part)
    {
        const int LongestDc = 11;
        int size = (int)(_bits.Symbol(part.Dc!) >> 24);
        if (size > LongestDc)
            return false;
        if (size > 0)
        {
            int value = _bits.Take(size);
            part.Prediction += value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
        }
        return Math.Abs(part.Prediction << low) <= part.Limits.Dc + (1 << low);
    }

    /// <summary>Reads AC coefficients that no earlier scan has sent: all of their bits, or the upper ones.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Ac(JpegScan.Part part, ref ulong nonZero)
    {
        if (_endOfBand > 0)
        {
            _endOfBand--;
            return true;
        }
        sbyte[] sizes = part.Limits.Sizes;
        for (int index = first - 1; index < last;)
        {
            uint code = _bits.Symbol(part.Ac!);
            int run = (int)(code >> 28), size = (int)(code >> 24) & 15;
            if (size == 0 && run < 15)
            {
                _endOfBand = (1 << run) - 1 + (run > 0 ? _bits.Take(run) : 0);
                return true;
            }
            index += run + 1;
            if (index > last || (size > 0 && size + low > sizes[index]))
                return false;
            if (size == 0)
                continue;
            _bits.Take(size);
            nonZero |= 1UL << index;
        }
        return true;
    }

    /// <summary>Reads one more bit of the AC coefficients.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool AcRefinement(JpegScan.Part part, ref ulong nonZero)
    {
        ulong left = (ulong.MaxValue >> (63 - last)) & (ulong.MaxValue << first);
        while (_endOfBand == 0 && left != 0)
        {
            uint code = _bits.Symbol(part.Ac!);
            int run = (int)(code >> 28), size = (int)(code >> 24) & 15;
            if (size == 0 && run < 15)
            {
                _endOfBand = (1 << run) + (run > 0 ? _bits.Take(run) : 0);
                break;
            }
            if (size > 1)
                return false;
            if (size == 1)
                _bits.Take(1);
            // The run counts only coefficients that are still zero. Each nonzero coefficient in between has one bit.
            ulong zeros = left & ~nonZero;
            for (; run > 0 && zeros != 0; run--)
                zeros &= zeros - 1;
            if (zeros == 0)
                return false;
            int index = BitOperations.TrailingZeroCount(zeros);
            ulong passed = left & ((1UL << index) - 1);
            _bits.Skip(BitOperations.PopCount(passed & nonZero));
            left &= ~(passed | 1UL << index);
            if (size == 0)
                continue;
            nonZero |= 1UL << index;
            if (1 + low > part.Limits.Sizes[index])
                return false;
        }
        if (_endOfBand > 0)
        {
            _endOfBand--;
            _bits.Skip(BitOperations.PopCount(left & nonZero));
        }
        return true;
    }
}
