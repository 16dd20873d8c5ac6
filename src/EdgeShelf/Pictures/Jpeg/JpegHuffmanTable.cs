namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// One Huffman table of a JPEG (ITU T.81 annex C), as a lookup from the next bits of a scan to a <see cref="Code"/>. Codes with
/// more than <see cref="LookupBits"/> bits are rare by construction and are found by a search.
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

    /// <summary>The code for each value of <see cref="LookupBits"/> bits, made by <see cref="Code.Pack"/>. Zero means a longer code, or no code.</summary>
    public ReadOnlySpan<uint> Lookup => _lookup;

    /// <param name="counts">The number of codes of each length, from 1 to 16 bits.</param>
    /// <param name="values">The symbols of the codes, shortest code first.</param>
    /// <returns>Null when a Huffman code with these numbers of codes cannot exist.</returns>
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

    /// <summary>Finds the code at the upper end of these bits when <see cref="Lookup"/> has none.</summary>
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

    /// <summary>A decoded symbol, packed into 32 bits, so that the loops over coefficients need no further lookup.</summary>
    public static class Code
    {
        /// <summary>The end of a block adds this to the coefficient index, which moves it past all coefficients.</summary>
        public const int EndOfBlock = 192;

        /// <summary>A symbol that is not allowed in a sequential scan adds this to the coefficient index.</summary>
        const int NoAdvance = 96;

        /// <summary>The result for bits that are not a code of the table.</summary>
        public static readonly uint None = Pack(1, 0xFF) & 0xFF0000FF | (NoAdvance << 8) | (15 << 16);

        /// <summary>Bits 0 to 7: the length of the code plus the value that follows. Bits 8 to 15: how far the coefficient index of a
        /// sequential scan moves. Bits 16 to 23: the length of the value. Bits 24 to 31: the symbol.</summary>
        public static uint Pack(int length, byte symbol)
        {
            int run = symbol >> 4, size = symbol & 15;
            int advance = symbol == 0 ? EndOfBlock : size > 0 ? run + 1 : run == 15 ? 16 : NoAdvance;
            return (uint)(length + size) | (uint)advance << 8 | (uint)size << 16 | (uint)symbol << 24;
        }
    }
}
