using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// The bits of a JPEG's entropy-coded data (ITU T.81 B.1.1.5): a zero after 0xFF is left out, any other byte after 0xFF is a
/// marker and ends the data. Behind the end come zeros, and <see cref="IsStarved"/> tells that they were used.
/// </summary>
ref struct JpegBits(ReadOnlySpan<byte> bytes, int start)
{
    /// <summary>What <see cref="Fill"/> leaves at least: a code of 16 bits and a value of 15.</summary>
    public const int Least = 32;

    /// <summary>Encoders that align their data to words leave so many bytes of padding at most.</summary>
    const int MaxPadding = 15;

    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at = start;

    /// <summary>The next bits, the first one uppermost.</summary>
    public ulong Next;

    /// <summary>How many of <see cref="Next"/> are valid; below zero when more were taken than there were.</summary>
    public int Count;

    /// <summary>Whether more bits were taken than the data has.</summary>
    public bool IsStarved { get; private set; }

    /// <summary>Where the next byte is read from; the next marker after <see cref="TryEnd"/>.</summary>
    public readonly int Position => _at;

    /// <summary>Tops the bits up to <see cref="Least"/> or more.</summary>
    // A device takes a picture a minute: this must be fast before the runtime finds that it is hot.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Fill()
    {
        if (Count < 0)
        {
            (Next, Count, IsStarved) = (0, 64, true);
            return;
        }
        if (_at + sizeof(ulong) <= _bytes.Length)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(_bytes[_at..]);
            if (!HasMarkerByte(word))
            {
                // The bits of a byte that fits in part stay above the count; the same byte is put there again next time.
                Next |= word >> Count;
                int whole = (63 - Count) >> 3;
                _at += whole;
                Count += whole * 8;
                return;
            }
        }
        while (Count <= 56 && TryReadByte(out byte value))
        {
            Next |= (ulong)value << (56 - Count);
            Count += 8;
        }
    }

    /// <summary>The next 1 to 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(int count)
    {
        if (Count < Least)
            Fill();
        int value = (int)(Next >> (64 - count));
        Next <<= count;
        Count -= count;
        return value;
    }

    /// <summary>Leaves out so many bits.</summary>
    public void Skip(int count)
    {
        for (; count > 16; count -= 16)
            Take(16);
        if (count > 0)
            Take(count);
    }

    /// <summary>The next symbol of a table, as <see cref="JpegHuffmanTable.Code"/>; its code's bits are taken, its value's are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Symbol(JpegHuffmanTable table)
    {
        if (Count < Least)
            Fill();
        uint code = table.Lookup[(int)(Next >> (64 - JpegHuffmanTable.LookupBits))];
        if (code == 0)
            code = table.FindLong(Next);
        int length = (int)(code & 0xFF) - (int)((code >> 16) & 0xFF);
        Next <<= length;
        Count -= length;
        return code;
    }

    /// <summary>Goes on at the marker that ends the data. Padding is left out.</summary>
    /// <param name="left">Bytes of data that nothing asked for.</param>
    /// <returns>False when there are such bytes, or when data was missing.</returns>
    public bool TryEnd(out int left)
    {
        left = 0;
        if (Count < 0 || IsStarved)
        {
            IsStarved = true;
            return false;
        }
        // T.81 F.1.2.3 pads the last byte with ones; some encoders do it with zeros.
        int inByte = Count & 7;
        ulong padding = inByte == 0 ? 0 : Next >> (64 - inByte);
        bool clean = padding == 0 || padding == (1UL << inByte) - 1;
        Next = inByte == 0 ? Next : Next << inByte;
        bool plain = true;
        for (int buffered = Count >> 3; buffered > 0; buffered--, left++)
        {
            plain &= (byte)(Next >> 56) is 0 or 0xFF;
            Next <<= 8;
        }
        for (; TryReadByte(out byte value); left++)
            plain &= value is 0 or 0xFF;
        (Next, Count) = (0, 0);
        return clean && (left == 0 || (plain && left <= MaxPadding));
    }

    /// <summary>Begins anew behind a restart marker.</summary>
    public void Restart(int at) => (_at, Next, Count) = (at, 0, 0);

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
        int after = _at + 1;
        // Any number of fill bytes may stand before a marker, and decoders take them before a stuffed zero too.
        while (after < _bytes.Length && _bytes[after] == 0xFF)
            after++;
        if (after >= _bytes.Length || _bytes[after] != 0)
            return false;
        _at = after + 1;
        return true;
    }

    static bool HasMarkerByte(ulong word) => ((~word - 0x0101010101010101) & word & 0x8080808080808080) != 0;
}
