using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// Walks the entropy-coded data of one scan (ITU T.81 annexes F and G) without making coefficients of it: are all blocks there,
/// is each code in its table, does each block keep within its coefficients, do the restart markers follow each other?
/// </summary>
ref struct JpegScan
{
    readonly ReadOnlySpan<byte> _bytes;
    readonly JpegFrame _frame;
    readonly Part[] _parts;
    readonly int _restartInterval;
    readonly int _first, _last, _high, _low;
    JpegBits _bits;
    JpegArithmeticScan _arithmetic;
    int _endOfBand;

    /// <param name="bytes">The whole picture.</param>
    /// <param name="start">Where the scan's data begin.</param>
    /// <param name="restartInterval">Units between two restart markers; 0: there are none.</param>
    /// <param name="first">First coefficient of the scan, in zigzag order.</param>
    /// <param name="last">Last coefficient of the scan.</param>
    /// <param name="high">The bit that earlier scans sent; 0: none did.</param>
    /// <param name="low">The lowest bit that this scan sends.</param>
    public JpegScan(ReadOnlySpan<byte> bytes, int start, JpegFrame frame, Part[] parts, int restartInterval, int first, int last, int high, int low)
    {
        _bytes = bytes;
        (_frame, _parts, _restartInterval) = (frame, parts, restartInterval);
        (_first, _last, _high, _low) = (first, last, high, low);
        if (frame.IsArithmetic)
            _arithmetic = new JpegArithmeticScan(bytes, start, parts, first, last, high, low);
        else
            _bits = new JpegBits(bytes, start);
    }

    /// <summary>Walks to the marker that ends the scan.</summary>
    /// <returns>The marker's position.</returns>
    /// <exception cref="PictureException">`truncated`: blocks are missing. `corrupt`: what is there makes no sense.</exception>
    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Walk()
    {
        bool alone = _parts.Length == 1;
        int across = alone ? _frame.BlocksAcross(_parts[0].Component) : _frame.UnitsAcross;
        int down = alone ? _frame.BlocksDown(_parts[0].Component) : _frame.UnitsDown;
        int units = across * down;
        for (int unit = 0, toRestart = _restartInterval, restarts = 0; unit < units; unit++, toRestart--)
        {
            if (_restartInterval > 0 && toRestart == 0)
            {
                Restart(restarts++, unit, units);
                toRestart = _restartInterval;
            }
            bool sound = true;
            for (int part = 0; part < _parts.Length; part++)
            {
                int blocks = alone ? 1 : _parts[part].Component.Across * _parts[part].Component.Down;
                for (int block = 0; block < blocks; block++)
                    sound &= _frame.IsArithmetic ? ArithmeticBlock(part, unit) : Block(_parts[part], unit);
            }
            if (IsStarved)
                throw Missing(unit, units);
            if (!sound)
                throw Corrupt($"Unit {unit + 1} of {units} in a scan is not made of the picture's codes");
        }
        End(units, units);
        int at = Position;
        // Some encoders close the last interval too.
        return at + 1 < _bytes.Length && _bytes[at + 1] is >= FirstRestart and <= LastRestart ? at + 2 : at;
    }

    const byte FirstRestart = 0xD0, LastRestart = 0xD7;

    readonly bool IsStarved => _frame.IsArithmetic ? _arithmetic.IsStarved : _bits.IsStarved || _bits.Count < 0;

    readonly int Position => _frame.IsArithmetic ? _arithmetic.Position : _bits.Position;

    void Restart(int restarts, int unit, int units)
    {
        End(unit, units);
        int at = Position;
        while (at + 1 < _bytes.Length && _bytes[at] == 0xFF && _bytes[at + 1] == 0xFF)
            at++;
        int expected = FirstRestart + restarts % 8;
        if (at + 1 >= _bytes.Length)
            throw Missing(unit, units);
        if (_bytes[at + 1] != expected)
            throw Corrupt($"After unit {unit} of {units} in a scan comes the marker FF{_bytes[at + 1]:X2} where the restart marker FF{expected:X2} is due");
        if (_frame.IsArithmetic)
            _arithmetic.Restart(at + 2);
        else
            _bits.Restart(at + 2);
        foreach (Part part in _parts)
            part.Prediction = 0;
    }

    void End(int unit, int units)
    {
        if (_endOfBand > 0)
            throw Corrupt($"A run of {_endOfBand} empty blocks goes beyond unit {unit} of {units} in a scan");
        if (_frame.IsArithmetic ? _arithmetic.TryEnd(out int left) : _bits.TryEnd(out left))
            return;
        throw IsStarved
            ? Missing(unit - 1, units)
            : Corrupt($"After unit {unit} of {units} in a scan there are {left} bytes of data too many");
    }

    bool Block(Part part, int unit)
    {
        if (!_frame.IsProgressive)
            return Sequential(part);
        if (_first == 0)
            return _high == 0 ? DcFirst(part) : DcRefinement();
        ref ulong nonZero = ref part.Component.NonZero![unit];
        return _high == 0 ? AcFirst(part, ref nonZero) : AcRefinement(part, ref nonZero);
    }

    bool ArithmeticBlock(int part, int unit)
    {
        ulong none = 0;
        if (!_frame.IsProgressive)
            return _arithmetic.Dc(part) && _arithmetic.Ac(part, ref none);
        if (_first == 0)
            return _high == 0 ? _arithmetic.Dc(part) : _arithmetic.DcRefinement();
        ref ulong nonZero = ref _parts[part].Component.NonZero![unit];
        return _high == 0 ? _arithmetic.Ac(part, ref nonZero) : _arithmetic.AcRefinement(part, ref nonZero);
    }

    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool Sequential(Part part)
    {
        if (!Dc(part, 0))
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
                (_bits.Next, _bits.Count) = (next, count);
                _bits.Fill();
                (next, count) = (_bits.Next, _bits.Count);
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

    bool DcFirst(Part part) => Dc(part, _low);

    bool DcRefinement()
    {
        _bits.Take(1);
        return true;
    }

    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool Dc(Part part, int low)
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

    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool AcFirst(Part part, ref ulong nonZero)
    {
        if (_endOfBand > 0)
        {
            _endOfBand--;
            return true;
        }
        sbyte[] sizes = part.Limits.Sizes;
        for (int index = _first - 1; index < _last;)
        {
            uint code = _bits.Symbol(part.Ac!);
            int run = (int)(code >> 28), size = (int)(code >> 24) & 15;
            if (size == 0 && run < 15)
            {
                _endOfBand = (1 << run) - 1 + (run > 0 ? _bits.Take(run) : 0);
                return true;
            }
            index += run + 1;
            if (index > _last || (size > 0 && size + _low > sizes[index]))
                return false;
            if (size == 0)
                continue;
            _bits.Take(size);
            nonZero |= 1UL << index;
        }
        return true;
    }

    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool AcRefinement(Part part, ref ulong nonZero)
    {
        ulong left = (ulong.MaxValue >> (63 - _last)) & (ulong.MaxValue << _first);
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
            // The run counts coefficients that are still zero; those that are not have a bit each on the way.
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
            if (1 + _low > part.Limits.Sizes[index])
                return false;
        }
        if (_endOfBand > 0)
        {
            _endOfBand--;
            _bits.Skip(BitOperations.PopCount(left & nonZero));
        }
        return true;
    }

    static PictureException Missing(int unit, int units) =>
        new("truncated", $"The picture's data ends after unit {unit} of {units} in a scan; all of them are needed.", "Send the whole file; a transfer or a memory card probably lost a part.");

    static PictureException Corrupt(string what) =>
        new("corrupt", $"The picture's data is damaged: {what}.", "Take or send it again; a transfer or a memory card probably changed it.");

    /// <summary>A component that a scan has data of.</summary>
    /// <param name="DcIndex">The table for DC coefficients, 0 to 3.</param>
    /// <param name="AcIndex">The table for AC coefficients, 0 to 3.</param>
    public sealed record Part(JpegFrame.Component Component, JpegLimits Limits, int DcIndex, int AcIndex)
    {
        /// <summary>Null where the scan has no DC coefficients to decode by it.</summary>
        public JpegHuffmanTable? Dc { get; init; }

        /// <summary>Null where the scan has no AC coefficients to decode by it.</summary>
        public JpegHuffmanTable? Ac { get; init; }

        /// <summary>How the contexts of arithmetic coding are chosen.</summary>
        public JpegConditioning Conditioning { get; init; }

        /// <summary>The DC coefficient of the block before.</summary>
        public int Prediction { get; set; }
    }
}
