using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// Reads the bits of a JPEG's entropy-coded data (ITU T.81 B.1.1.5): a zero after 0xFF is skipped, and any other byte after 0xFF is
/// a marker and ends the data. After the end the reader returns zeros, and <see cref="IsStarved"/> tells whether they were used.
/// </summary>
ref struct JpegBits(ReadOnlySpan<byte> bytes, int start)
{
    /// <summary>The minimum number of bits after <see cref="Fill"/>: a code of 16 bits and a value of 15 bits.</summary>
    public const int Least = 32;

    /// <summary>The maximum number of padding bytes. Encoders that align their data to words add padding.</summary>
    const int MaxPadding = 15;

    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at = start;

    /// <summary>The next bits. The first one is the most significant.</summary>
    public ulong Next;

    /// <summary>The number of valid bits in <see cref="Next"/>. It is negative when more bits were taken than the data has.</summary>
    public int Count;

    /// <summary>Whether more bits were taken than the data has.</summary>
    public bool IsStarved { get; private set; }

    /// <summary>The position of the next byte to read. After <see cref="TryEnd"/> it is the position of the next marker.</summary>
    public readonly int Position => _at;

    /// <summary>Reads bytes until <see cref="Least"/> or more bits are available.</summary>
    // A device takes one picture a minute. This must be fast before the runtime detects it as a hot method.
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
                // When only a part of a byte fits, its bits remain above the count. The next call writes the same byte there again.
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

    /// <summary>Returns the next eight bytes of the data; 0 if they are not all data, or zero, and <see cref="Fill"/> is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong PlainWord()
    {
        if (_at > _bytes.Length - sizeof(ulong))
            return 0;
        ulong word = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _at)));
        return HasMarkerByte(word) ? 0 : word;
    }

    /// <summary>Goes on behind bytes of a <see cref="PlainWord"/>.</summary>
    public void Advance(int count) => _at += count;

    /// <summary>Takes the next 1 to 16 bits.</summary>
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

    /// <summary>Skips the given number of bits.</summary>
    public void Skip(int count)
    {
        for (; count > 16; count -= 16)
            Take(16);
        if (count > 0)
            Take(count);
    }

    /// <summary>Decodes the next symbol, as <see cref="JpegHuffmanTable.Code"/>. The bits of its code are taken; the bits of its value are not.</summary>
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

    /// <summary>Moves to the marker that ends the data and skips padding.</summary>
    /// <param name="left">The number of data bytes that were not used.</param>
    /// <returns>False when there are unused bytes, or when data was missing.</returns>
    public bool TryEnd(out int left)
    {
        left = 0;
        if (Count < 0 || IsStarved)
        {
            IsStarved = true;
            return false;
        }
        // T.81 F.1.2.3 pads the last byte with ones; some encoders pad it with zeros.
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

    /// <summary>Starts again after a restart marker.</summary>
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
        // Any number of fill bytes may precede a marker, and decoders also accept them before a stuffed zero.
        while (after < _bytes.Length && _bytes[after] == 0xFF)
            after++;
        if (after >= _bytes.Length || _bytes[after] != 0)
            return false;
        _at = after + 1;
        return true;
    }

    static bool HasMarkerByte(ulong word) => ((~word - 0x0101010101010101) & word & 0x8080808080808080) != 0;
}
