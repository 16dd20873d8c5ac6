namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// The typical Huffman tables of ITU T.81 annex K.3: 0 for luminance, 1 for chrominance. They apply when a picture has no tables,
/// as in Motion JPEG from some USB cameras. The decoder accepts pictures without tables.
/// </summary>
static class StandardHuffmanTables
{
    /// <summary>Table K.3 or K.4 (DC coefficients), or null for another index.</summary>
    public static JpegHuffmanTable? Dc(int index) => index switch { 0 => LuminanceDc, 1 => ChrominanceDc, _ => null };

    /// <summary>Table K.5 or K.6 (AC coefficients), or null for another index.</summary>
    public static JpegHuffmanTable? Ac(int index) => index switch { 0 => LuminanceAc, 1 => ChrominanceAc, _ => null };

    static readonly byte[] Sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    static readonly JpegHuffmanTable LuminanceDc = Table("00 01 05 01 01 01 01 01 01 00 00 00 00 00 00 00", Sizes);

    static readonly JpegHuffmanTable ChrominanceDc = Table("00 03 01 01 01 01 01 01 01 01 01 00 00 00 00 00", Sizes);

    static readonly JpegHuffmanTable LuminanceAc = Table("00 02 01 03 03 02 04 03 05 05 04 04 00 00 01 7D", Bytes(
        """
        01 02 03 00 04 11 05 12 21 31 41 06 13 51 61 07 22 71 14 32 81 91 A1 08 23 42 B1 C1 15 52 D1 F0 24 33 62 72 82
        09 0A 16 17 18 19 1A 25 26 27 28 29 2A 34 35 36 37 38 39 3A 43 44 45 46 47 48 49 4A 53 54 55 56 57 58 59 5A
        63 64 65 66 67 68 69 6A 73 74 75 76 77 78 79 7A 83 84 85 86 87 88 89 8A 92 93 94 95 96 97 98 99 9A
        A2 A3 A4 A5 A6 A7 A8 A9 AA B2 B3 B4 B5 B6 B7 B8 B9 BA C2 C3 C4 C5 C6 C7 C8 C9 CA D2 D3 D4 D5 D6 D7 D8 D9 DA
        E1 E2 E3 E4 E5 E6 E7 E8 E9 EA F1 F2 F3 F4 F5 F6 F7 F8 F9 FA
        """));

    static readonly JpegHuffmanTable ChrominanceAc = Table("00 02 01 02 04 04 03 04 07 05 04 04 00 01 02 77", Bytes(
        """
        00 01 02 03 11 04 05 21 31 06 12 41 51 07 61 71 13 22 32 81 08 14 42 91 A1 B1 C1 09 23 33 52 F0 15 62 72 D1
        0A 16 24 34 E1 25 F1 17 18 19 1A 26 27 28 29 2A 35 36 37 38 39 3A 43 44 45 46 47 48 49 4A 53 54 55 56 57 58 59 5A
        63 64 65 66 67 68 69 6A 73 74 75 76 77 78 79 7A 82 83 84 85 86 87 88 89 8A 92 93 94 95 96 97 98 99 9A
        A2 A3 A4 A5 A6 A7 A8 A9 AA B2 B3 B4 B5 B6 B7 B8 B9 BA C2 C3 C4 C5 C6 C7 C8 C9 CA D2 D3 D4 D5 D6 D7 D8 D9 DA
        E2 E3 E4 E5 E6 E7 E8 E9 EA F2 F3 F4 F5 F6 F7 F8 F9 FA
        """));

    static JpegHuffmanTable Table(string counts, byte[] values) =>
        JpegHuffmanTable.TryCreate(Bytes(counts), values) ?? throw new InvalidOperationException("A standard table has too many codes.");

    static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
