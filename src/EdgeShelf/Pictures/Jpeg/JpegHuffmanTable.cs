namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// One Huffman table of a JPEG (ITU T.81 annex C), as a lookup from the next bits of a scan to a <see cref="Code"/>. Codes of
/// more than <see cref="LookupBits"/> bits, which are rare by construction, are searched for.
/// </summary>
sealed class JpegHuffmanTable
{
    public const int LookupBits = 10;

    const int LongestCode = 16;

    readonly uint[] _lookup = new uint[1 << LookupBits];
    readonly int[] _firstCode = new int[LongestCode + 1];
    readonly int[] _firstValue = new int[LongestCode + 1];
    readonly byte[] _counts;
    readonly byte[] _values;

    JpegHuffmanTable(byte[] counts, byte[] values) => (_counts, _values) = (counts, values);

    /// <summary>The code of each <see cref="LookupBits"/> bits, as <see cref="Code.Pack"/> makes it; zero: a longer code, or none.</summary>
    public ReadOnlySpan<uint> Lookup => _lookup;

    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="values">Their symbols, shortest first.</param>
    /// <returns>Null when there cannot be so many codes of such lengths.</returns>
    public static JpegHuffmanTable? TryCreate(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        JpegHuffmanTable table = new(counts.ToArray(), values.ToArray());
        int code = 0, value = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            (table._firstCode[length], table._firstValue[length]) = (code, value);
            for (int i = 0; i < counts[length - 1]; i++, code++, value++)
            {
                if (code >= 1 << length)
                    return null;
                if (length <= LookupBits)
                    table._lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill(Code.Pack(length, values[value]));
            }
        }
        return table;
    }

    /// <summary>The code at the upper end of these bits where <see cref="Lookup"/> has none.</summary>
    public uint FindLong(ulong bits)
    {
        for (int length = LookupBits + 1; length <= LongestCode; length++)
        {
            int index = (int)(bits >> (64 - length)) - _firstCode[length];
            if (index >= 0 && index < _counts[length - 1])
                return Code.Pack(length, _values[_firstValue[length] + index]);
        }
        return Code.None;
    }

    /// <summary>A decoded symbol, packed into 32 bits: what the loops over coefficients need without another step.</summary>
    public static class Code
    {
        /// <summary>Added to a coefficient's index by the end of a block: beyond all of them.</summary>
        public const int EndOfBlock = 192;

        /// <summary>Added to a coefficient's index by what is no symbol of a sequential scan.</summary>
        const int NoAdvance = 96;

        /// <summary>Bits that are no code of the table.</summary>
        public static readonly uint None = Pack(1, 0xFF) & 0xFF0000FF | (NoAdvance << 8) | (15 << 16);

        /// <summary>Bits 0 to 7: length of the code and of the value that follows. 8 to 15: how far a sequential scan's coefficient
        /// index moves. 16 to 23: length of the value. 24 to 31: the symbol.</summary>
        public static uint Pack(int length, byte symbol)
        {
            int run = symbol >> 4, size = symbol & 15;
            int advance = symbol == 0 ? EndOfBlock : size > 0 ? run + 1 : run == 15 ? 16 : NoAdvance;
            return (uint)(length + size) | (uint)advance << 8 | (uint)size << 16 | (uint)symbol << 24;
        }
    }
}
