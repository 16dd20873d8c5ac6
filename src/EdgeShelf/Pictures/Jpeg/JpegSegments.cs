using System.Buffers.Binary;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>Reads the marker segments of a JPEG (ITU T.81 annex B) one after the other. The caller reads the data of scans.</summary>
ref struct JpegSegments(ReadOnlySpan<byte> bytes)
{
    public const byte EndOfImage = 0xD9, StartOfScan = 0xDA, QuantizationTables = 0xDB, HuffmanTables = 0xC4, RestartInterval = 0xDD, ArithmeticConditioning = 0xCC;

    readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The position where the search for the next marker starts.</summary>
    public int Position { get; set; } = 2;

    /// <summary>The second byte of the marker.</summary>
    public byte Marker { get; private set; }

    /// <summary>The bytes after the segment's length.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>T.81 table B.1: C0 to CF, except for the markers of Huffman tables, of an extension and of arithmetic conditioning.</summary>
    public readonly bool IsFrameHeader => Marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or ArithmeticConditioning);

    /// <returns>False when no complete segment follows, or at the end of the picture.</returns>
    public bool TryNext()
    {
        while (Position + 1 < _bytes.Length && _bytes[Position] == 0xFF && _bytes[Position + 1] == 0xFF)
            Position++;
        if (Position + 4 > _bytes.Length || _bytes[Position] != 0xFF || _bytes[Position + 1] == EndOfImage)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(Position + 2)..]);
        if (length < 2 || Position + 2 + length > _bytes.Length)
            return false;
        Marker = _bytes[Position + 1];
        Body = _bytes.Slice(Position + 4, length - 2);
        Position += 2 + length;
        return true;
    }
}
