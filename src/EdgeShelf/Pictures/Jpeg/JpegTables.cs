using System.Buffers.Binary;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>The tables that a JPEG has defined so far (ITU T.81 B.2.4), four of each kind.</summary>
sealed class JpegTables
{
    const int Kinds = 4;

    readonly ushort[]?[] _quantization = new ushort[]?[Kinds];
    readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[Kinds];
    readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[Kinds];

    readonly (int Lower, int Upper)[] _dcConditioning = [.. Enumerable.Repeat((JpegConditioning.Standard.Lower, JpegConditioning.Standard.Upper), Kinds)];
    readonly int[] _acConditioning = [.. Enumerable.Repeat(JpegConditioning.Standard.Low, Kinds)];

    /// <summary>The quantization table: 64 factors in zigzag order, or null if it is not defined.</summary>
    public ushort[]? Quantization(int index) => index < Kinds ? _quantization[index] : null;

    /// <summary>The table for DC coefficients: the defined one, or else the standard one, because cameras that send Motion JPEG omit tables.</summary>
    public JpegHuffmanTable? Dc(int index) => index < Kinds ? _dc[index] ??= StandardHuffmanTables.Dc(index) : null;

    /// <summary>The table for AC coefficients: the defined one, or else the standard one.</summary>
    public JpegHuffmanTable? Ac(int index) => index < Kinds ? _ac[index] ??= StandardHuffmanTables.Ac(index) : null;

    /// <summary>The conditioning for arithmetic coding: the defined values, or else the standard ones.</summary>
    public JpegConditioning Conditioning(int dc, int ac) => new(_dcConditioning[dc].Lower, _dcConditioning[dc].Upper, _acConditioning[ac]);

    /// <param name="body">The contents of a DAC segment.</param>
    /// <returns>False when the segment is not a valid DAC segment.</returns>
    public bool TryAddConditioning(ReadOnlySpan<byte> body)
    {
        for (; body.Length >= 2; body = body[2..])
        {
            (int kind, int index, byte value) = (body[0] >> 4, body[0] & 15, body[1]);
            if (kind > 1 || index >= Kinds || (kind == 0 && (value & 15) > value >> 4) || (kind == 1 && value is 0 or > 63))
                return false;
            if (kind == 0)
                _dcConditioning[index] = (value & 15, value >> 4);
            else
                _acConditioning[index] = value;
        }
        return body.IsEmpty;
    }

    /// <param name="body">The contents of a DQT segment.</param>
    /// <returns>False when the segment is not a valid DQT segment.</returns>
    public bool TryAddQuantization(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            int bytes = (body[0] >> 4) + 1;
            int index = body[0] & 15;
            if (bytes > 2 || index >= Kinds || body.Length < 1 + 64 * bytes)
                return false;
            ushort[] factors = new ushort[64];
            for (int i = 0; i < factors.Length; i++)
                factors[i] = bytes == 1 ? body[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + 2 * i)..]);
            _quantization[index] = factors;
            body = body[(1 + 64 * bytes)..];
        }
        return true;
    }

    /// <param name="body">The contents of a DHT segment.</param>
    /// <returns>False when the segment is not a valid DHT segment.</returns>
    public bool TryAddHuffman(ReadOnlySpan<byte> body)
    {
        const int CountsEnd = 17;
        while (!body.IsEmpty)
        {
            int kind = body[0] >> 4;
            int index = body[0] & 15;
            if (kind > 1 || index >= Kinds || body.Length < CountsEnd)
                return false;
            ReadOnlySpan<byte> counts = body[1..CountsEnd];
            int total = 0;
            foreach (byte count in counts)
                total += count;
            if (total > 256 || body.Length < CountsEnd + total || JpegHuffmanTable.TryCreate(counts, body.Slice(CountsEnd, total)) is not { } table)
                return false;
            (kind == 0 ? _dc : _ac)[index] = table;
            body = body[(CountsEnd + total)..];
        }
        return true;
    }
}
