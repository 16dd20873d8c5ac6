using System.Runtime.CompilerServices;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// Reads the entropy-coded data of one scan (ITU T.81 annexes F and G) without computing coefficients. It checks that all blocks are
/// there, that each code is in its table, that no block has too many coefficients, and that the restart markers are in order.
/// </summary>
ref struct JpegScan
{
    readonly ReadOnlySpan<byte> _bytes;
    readonly JpegFrame _frame;
    readonly Part[] _parts;
    readonly int _restartInterval;
    readonly int _first, _high;
    JpegHuffmanScan _huffman;
    JpegArithmeticScan _arithmetic;

    /// <param name="bytes">The whole picture.</param>
    /// <param name="start">The position of the scan's data.</param>
    /// <param name="restartInterval">The number of units between restart markers, or 0 if there are no restart markers.</param>
    /// <param name="first">The first coefficient of the scan, in zigzag order.</param>
    /// <param name="last">The last coefficient of the scan.</param>
    /// <param name="high">The lowest bit that earlier scans sent, or 0 if no earlier scan sent any.</param>
    /// <param name="low">The lowest bit that this scan sends.</param>
    public JpegScan(ReadOnlySpan<byte> bytes, int start, JpegFrame frame, Part[] parts, int restartInterval, int first, int last, int high, int low)
    {
        _bytes = bytes;
        (_frame, _parts, _restartInterval) = (frame, parts, restartInterval);
        (_first, _high) = (first, high);
        if (frame.IsArithmetic)
            _arithmetic = new JpegArithmeticScan(bytes, start, parts, first, last, high, low);
        else
            _huffman = new JpegHuffmanScan(bytes, start, first, last, low);
    }

    /// <summary>Reads up to the marker that ends the scan.</summary>
    /// <returns>The marker's position.</returns>
    /// <exception cref="PictureException">`truncated`: blocks are missing. `corrupt`: the data is not valid.</exception>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
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
                    sound &= _frame.IsArithmetic ? ArithmeticBlock(part, unit) : HuffmanBlock(_parts[part], unit);
            }
            if (IsStarved)
                throw Missing(unit, units);
            if (!sound)
                throw Corrupt($"Unit {unit + 1} of {units} in a scan contains a code that is not in the picture's tables");
        }
        End(units, units);
        int at = Position;
        // Some encoders also write a restart marker after the last interval.
        return at + 1 < _bytes.Length && _bytes[at + 1] is >= FirstRestart and <= LastRestart ? at + 2 : at;
    }

    const byte FirstRestart = 0xD0, LastRestart = 0xD7;

    readonly bool IsStarved => _frame.IsArithmetic ? _arithmetic.IsStarved : _huffman.IsStarved;

    readonly int Position => _frame.IsArithmetic ? _arithmetic.Position : _huffman.Position;

    /// <summary>Goes on behind a restart marker, which must be the next of the eight.</summary>
    /// <remarks>
    /// A marker out of order is refused, although some encoders write whole pictures with such markers: nothing else shows that an interval is missing, and
    /// libjpeg then guesses where the next one belongs, so that a shelf with a strip of another row would get a sure label. Such pictures
    /// have to be saved again without restart markers.
    /// </remarks>
    void Restart(int restarts, int unit, int units)
    {
        End(unit, units);
        int at = Position;
        while (at + 1 < _bytes.Length && _bytes[at] == 0xFF && _bytes[at + 1] == 0xFF)
            at++;
        int expected = FirstRestart + restarts % 8;
        if (at + 1 >= _bytes.Length || _bytes[at + 1] == JpegSegments.EndOfImage)
            throw Missing(unit, units);
        if (_bytes[at + 1] != expected)
            throw Corrupt($"After unit {unit} of {units} in a scan comes the marker FF{_bytes[at + 1]:X2} instead of the restart marker FF{expected:X2}");
        if (_frame.IsArithmetic)
            _arithmetic.Restart(at + 2);
        else
            _huffman.Restart(at + 2);
        foreach (Part part in _parts)
            part.Prediction = 0;
    }

    void End(int unit, int units)
    {
        if (_huffman.EmptyBlocks > 0)
            throw Corrupt($"A run of {_huffman.EmptyBlocks} empty blocks goes beyond unit {unit} of {units} in a scan");
        if (_frame.IsArithmetic ? _arithmetic.TryEnd(out int left) : _huffman.TryEnd(out left))
            return;
        throw IsStarved
            ? Missing(unit - 1, units)
            : Corrupt($"After unit {unit} of {units} in a scan there are {(left > 0 ? $"{left} extra bytes" : "extra bits")} of data");
    }

    bool HuffmanBlock(Part part, int unit)
    {
        if (!_frame.IsProgressive)
            return _huffman.Sequential(part);
        if (_first == 0)
            return _high == 0 ? _huffman.Dc(part) : _huffman.DcRefinement();
        ref ulong nonZero = ref part.Component.NonZero![unit];
        return _high == 0 ? _huffman.Ac(part, ref nonZero) : _huffman.AcRefinement(part, ref nonZero);
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

    static PictureException Missing(int unit, int units) =>
        new("truncated", $"The picture's data ends after unit {unit} of {units} in a scan; all of them are needed.", "Send the whole file; a transfer or a memory card probably lost a part.");

    static PictureException Corrupt(string what) =>
        new("corrupt", $"The picture's data is damaged: {what}.", "Take or send it again; a transfer or a memory card probably changed it.");

    /// <summary>A component that is part of a scan.</summary>
    /// <param name="DcIndex">The index of the table for DC coefficients, 0 to 3.</param>
    /// <param name="AcIndex">The index of the table for AC coefficients, 0 to 3.</param>
    public sealed record Part(JpegFrame.Component Component, JpegLimits Limits, int DcIndex, int AcIndex)
    {
        /// <summary>The table for DC coefficients, or null if the scan has no DC coefficients that need it.</summary>
        public JpegHuffmanTable? Dc { get; init; }

        /// <summary>The table for AC coefficients, or null if the scan has no AC coefficients that need it.</summary>
        public JpegHuffmanTable? Ac { get; init; }

        /// <summary>The parameters that select the contexts of arithmetic coding.</summary>
        public JpegConditioning Conditioning { get; init; }

        /// <summary>The DC coefficient of the previous block.</summary>
        public int Prediction { get; set; }
    }
}
