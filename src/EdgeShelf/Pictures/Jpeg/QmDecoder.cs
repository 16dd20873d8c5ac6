namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// The binary arithmetic decoder of ITU T.81 annex D. Any bytes can be decoded, so damage shows only in the number of bytes that are
/// left over or missing at the end.
/// </summary>
ref struct QmDecoder
{
    /// <summary>The value of a statistics byte whose bin always stays at equal probabilities.</summary>
    public const byte EvenOdds = 113;

    /// <summary>Encoders omit zeros at the end, so the decoder needs more bytes than there are. More omitted bytes than this are unlikely.</summary>
    public const int MostImplied = 16;

    /// <summary>The number of an encoder's last bytes that the decoder may not need.</summary>
    const int MostLeft = 3;

    readonly ReadOnlySpan<byte> _bytes;
    readonly int _mostImplied;
    int _at;
    uint _interval;
    ulong _code;
    int _shifts;
    int _implied;

    /// <param name="mostImplied">The maximum number of zero bytes that may be omitted at the end.</param>
    public QmDecoder(ReadOnlySpan<byte> bytes, int start, int mostImplied)
    {
        _bytes = bytes;
        _mostImplied = mostImplied;
        Restart(start);
    }

    /// <summary>Whether more data was decoded than the bytes can contain.</summary>
    public readonly bool IsStarved => _implied > _mostImplied;

    /// <summary>The position of the next byte to read. After <see cref="TryEnd"/> it is the position of the next marker.</summary>
    public readonly int Position => _at;

    /// <summary>Starts the decoder, at the beginning of a scan and again after each restart marker.</summary>
    public void Restart(int at)
    {
        (_at, _interval, _code, _shifts, _implied) = (at, 0x10000, 0, 0, 0);
        ReadByte();
        _code <<= 8;
        ReadByte();
        _code <<= 8;
        // The first bytes may also be omitted zeros.
        _implied = 0;
    }

    /// <summary>Decodes one decision (D.2.2 to D.2.6).</summary>
    /// <param name="bin">The state of the estimate, with its more probable symbol in the most significant bit.</param>
    public bool Decode(ref byte bin)
    {
        const byte MoreProbable = 0x80;
        uint estimate = Estimates[bin & ~MoreProbable];
        uint size = estimate >> 16;
        bool symbol = (bin & MoreProbable) != 0;
        _interval -= size;
        bool upper = _code >> 16 >= _interval;
        if (!upper && _interval >= 0x8000)
            return symbol;
        // The smaller interval belongs to the less probable symbol, which may currently be either of the two.
        bool lessProbable = upper != _interval < size;
        if (upper)
        {
            _code -= (ulong)_interval << 16;
            _interval = size;
        }
        if (lessProbable)
        {
            symbol = !symbol;
            byte next = (byte)((estimate >> 8) & 0x7F);
            bool exchanged = (estimate & 0x8000) != 0;
            bin = (byte)(next | (((bin & MoreProbable) != 0) != exchanged ? MoreProbable : 0));
        }
        else
            bin = (byte)((estimate & 0x7F) | (uint)(bin & MoreProbable));
        do
        {
            if (_shifts == 0)
            {
                ReadByte();
                _shifts = 8;
            }
            _interval <<= 1;
            _code <<= 1;
            _shifts--;
        }
        while (_interval < 0x8000);
        return symbol;
    }

    /// <summary>Moves to the marker that ends the data.</summary>
    /// <param name="left">The number of data bytes that were not used.</param>
    /// <returns>False when there are too many unused bytes, or when data was missing.</returns>
    public bool TryEnd(out int left)
    {
        left = 0;
        if (IsStarved)
            return false;
        while (TryReadByte(out _))
            left++;
        return left <= MostLeft;
    }

    void ReadByte()
    {
        if (TryReadByte(out byte value))
            _code |= (ulong)value << 8;
        else
            _implied++;
    }

    bool TryReadByte(out byte value)
    {
        value = 0;
        if (_at >= _bytes.Length)
            return false;
        value = _bytes[_at];
        if (value != 0xFF)
        {
            _at++;
            return true;
        }
        if (_at + 1 >= _bytes.Length || _bytes[_at + 1] != 0)
            return false;
        _at += 2;
        return true;
    }

    /// <summary>Table D.3: the size of the less probable symbol's interval; the next state after it, with 0x80 if the symbols are
    /// exchanged; the next state after the more probable symbol. The last entry is for bins that stay at equal probabilities.</summary>
    static readonly uint[] Estimates =
    [
        .. new (uint Size, uint AfterLess, uint AfterMore)[]
        {
            (0x5A1D, 129, 1), (0x2586, 14, 2), (0x1114, 16, 3), (0x080B, 18, 4), (0x03D8, 20, 5), (0x01DA, 23, 6), (0x00E5, 25, 7), (0x006F, 28, 8),
            (0x0036, 30, 9), (0x001A, 33, 10), (0x000D, 35, 11), (0x0006, 9, 12), (0x0003, 10, 13), (0x0001, 12, 13), (0x5A7F, 143, 15), (0x3F25, 36, 16),
            (0x2CF2, 38, 17), (0x207C, 39, 18), (0x17B9, 40, 19), (0x1182, 42, 20), (0x0CEF, 43, 21), (0x09A1, 45, 22), (0x072F, 46, 23), (0x055C, 48, 24),
            (0x0406, 49, 25), (0x0303, 51, 26), (0x0240, 52, 27), (0x01B1, 54, 28), (0x0144, 56, 29), (0x00F5, 57, 30), (0x00B7, 59, 31), (0x008A, 60, 32),
            (0x0068, 62, 33), (0x004E, 63, 34), (0x003B, 32, 35), (0x002C, 33, 9), (0x5AE1, 165, 37), (0x484C, 64, 38), (0x3A0D, 65, 39), (0x2EF1, 67, 40),
            (0x261F, 68, 41), (0x1F33, 69, 42), (0x19A8, 70, 43), (0x1518, 72, 44), (0x1177, 73, 45), (0x0E74, 74, 46), (0x0BFB, 75, 47), (0x09F8, 77, 48),
            (0x0861, 78, 49), (0x0706, 79, 50), (0x05CD, 48, 51), (0x04DE, 50, 52), (0x040F, 50, 53), (0x0363, 51, 54), (0x02D4, 52, 55), (0x025C, 53, 56),
            (0x01F8, 54, 57), (0x01A4, 55, 58), (0x0160, 56, 59), (0x0125, 57, 60), (0x00F6, 58, 61), (0x00CB, 59, 62), (0x00AB, 61, 63), (0x008F, 61, 32),
            (0x5B12, 193, 65), (0x4D04, 80, 66), (0x412C, 81, 67), (0x37D8, 82, 68), (0x2FE8, 83, 69), (0x293C, 84, 70), (0x2379, 86, 71), (0x1EDF, 87, 72),
            (0x1AA9, 87, 73), (0x174E, 72, 74), (0x1424, 72, 75), (0x119C, 74, 76), (0x0F6B, 74, 77), (0x0D51, 75, 78), (0x0BB6, 77, 79), (0x0A40, 77, 48),
            (0x5832, 208, 81), (0x4D1C, 88, 82), (0x438E, 89, 83), (0x3BDD, 90, 84), (0x34EE, 91, 85), (0x2EAE, 92, 86), (0x299A, 93, 87), (0x2516, 86, 71),
            (0x5570, 216, 89), (0x4CA9, 95, 90), (0x44D9, 96, 91), (0x3E22, 97, 92), (0x3824, 99, 93), (0x32B4, 99, 94), (0x2E17, 93, 86), (0x56A8, 223, 96),
            (0x4F46, 101, 97), (0x47E5, 102, 98), (0x41CF, 103, 99), (0x3C3D, 104, 100), (0x375E, 99, 93), (0x5231, 105, 102), (0x4C0F, 106, 103), (0x4639, 107, 104),
            (0x415E, 103, 99), (0x5627, 233, 106), (0x50E7, 108, 107), (0x4B85, 109, 103), (0x5597, 110, 109), (0x504F, 111, 107), (0x5A10, 238, 111), (0x5522, 112, 109),
            (0x59EB, 240, 111), (0x5A1D, 113, 113),
        }.Select(state => state.Size << 16 | state.AfterLess << 8 | state.AfterMore),
    ];
}
