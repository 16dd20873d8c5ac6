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

    /// <summary>64 factors in zigzag order, or null.</summary>
    public ushort[]? Quantization(int index) => index < Kinds ? _quantization[index] : null;

    /// <summary>The table for DC coefficients; of the standard ones where none was defined, as cameras that send Motion JPEG leave them out.</summary>
    public JpegHuffmanTable? Dc(int index) => index < Kinds ? _dc[index] ??= StandardHuffmanTables.Dc(index) : null;

    /// <summary>The table for AC coefficients; of the standard ones where none was defined.</summary>
    public JpegHuffmanTable? Ac(int index) => index < Kinds ? _ac[index] ??= StandardHuffmanTables.Ac(index) : null;

    /// <summary>What was defined for arithmetic coding, else the standard.</summary>
    public JpegConditioning Conditioning(int dc, int ac) => new(_dcConditioning[dc].Lower, _dcConditioning[dc].Upper, _acConditioning[ac]);

    /// <param name="body">A segment DAC.</param>
    /// <returns>False when it is no such segment.</returns>
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

    /// <param name="body">A segment DQT.</param>
    /// <returns>False when it is no such segment.</returns>
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

    /// <param name="body">A segment DHT.</param>
    /// <returns>False when it is no such segment.</returns>
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
