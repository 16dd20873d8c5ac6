using System.Buffers;
using System.Buffers.Binary;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>
/// Checks whether a JPEG is complete by reading all of its scans. The decoder does not report this: libjpeg only warns of damaged
/// or missing data and continues, and SkiaSharp reports success.
/// </summary>
static class JpegCheck
{
    /// <param name="bytes">A JPEG of a kind that <see cref="JpegKind"/> accepts and of a size that may be decoded.</param>
    /// <exception cref="PictureException">`truncated` or `corrupt`.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        JpegTables tables = new();
        JpegFrame? frame = null;
        int restartInterval = 0;
        JpegSegments segments = new(bytes);
        try
        {
            while (segments.TryNext())
            {
                ReadOnlySpan<byte> body = segments.Body;
                bool sound = true;
                if (segments.IsFrameHeader)
                {
                    sound = frame is null;
                    frame ??= FrameOf(segments.Marker, body);
                }
                else if (segments.Marker == JpegSegments.HuffmanTables)
                    sound = tables.TryAddHuffman(body);
                else if (segments.Marker == JpegSegments.ArithmeticConditioning)
                    sound = tables.TryAddConditioning(body);
                else if (segments.Marker == JpegSegments.QuantizationTables)
                    sound = tables.TryAddQuantization(body);
                else if (segments.Marker == JpegSegments.RestartInterval)
                {
                    sound = body.Length == 2;
                    restartInterval = sound ? BinaryPrimitives.ReadUInt16BigEndian(body) : 0;
                }
                else if (segments.Marker == JpegSegments.StartOfScan)
                    segments.Position = ScanOf(bytes, segments.Position, body, frame, tables, restartInterval).Walk();
                if (!sound)
                    throw Corrupt($"the segment FF{segments.Marker:X2} before byte {segments.Position} has invalid contents");
            }
            RefuseMissingScans(frame);
        }
        finally
        {
            foreach (JpegFrame.Component component in frame?.Components ?? [])
            {
                if (component.NonZero is { } rented)
                    ArrayPool<ulong>.Shared.Return(rented);
            }
        }
    }

    static JpegFrame FrameOf(byte marker, ReadOnlySpan<byte> body)
    {
        const int ComponentsAt = 6, ComponentLength = 3;
        if (body.Length < ComponentsAt || body.Length < ComponentsAt + ComponentLength * body[5])
            throw Corrupt("its frame header is too short");
        JpegFrame.Component[] components = new JpegFrame.Component[body[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> entry = body[(ComponentsAt + ComponentLength * i)..];
            components[i] = new JpegFrame.Component(entry[0], entry[1] >> 4, entry[1] & 15, entry[2]);
            if (components[i] is not { Across: >= 1 and <= 4, Down: >= 1 and <= 4 })
                throw Corrupt($"its component {i + 1} has the sampling factors {components[i].Across} x {components[i].Down}; 1 to 4 are allowed");
        }
        return new JpegFrame
        {
            IsProgressive = marker is 0xC2 or 0xCA,
            IsArithmetic = marker is 0xC9 or 0xCA,
            Height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]),
            Components = components,
        };
    }

    static JpegScan ScanOf(ReadOnlySpan<byte> bytes, int start, ReadOnlySpan<byte> body, JpegFrame? frame, JpegTables tables, int restartInterval)
    {
        if (frame is null || body.IsEmpty || body.Length < 4 + 2 * body[0] || body[0] is 0 or > 4)
            throw Corrupt("a scan has no complete header");
        ReadOnlySpan<byte> parameters = body[(1 + 2 * body[0])..];
        (int first, int last, int high, int low) = (parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15);
        if (!frame.IsProgressive)
            (first, last, high, low) = (0, 63, 0, 0);
        else if (first > last || last > 63 || (first == 0 && last > 0) || (first > 0 && body[0] > 1) || low > 13 || (high > 0 && low != high - 1))
            throw Corrupt($"a scan of the coefficients {first} to {last} and the bits {high} to {low} is not allowed");

        JpegScan.Part[] parts = new JpegScan.Part[body[0]];
        for (int i = 0; i < parts.Length; i++)
        {
            (byte id, int dc, int ac) = (body[1 + 2 * i], body[2 + 2 * i] >> 4, body[2 + 2 * i] & 15);
            JpegFrame.Component component = frame.Components.FirstOrDefault(component => component.Id == id)
                ?? throw Corrupt($"a scan contains component {id}, which the picture does not have");
            Note(component, first, last, high, low);
            if (component.Limits is null)
            {
                component.Limits = new JpegLimits(tables.Quantization(component.QuantizationTable)
                    ?? throw Corrupt($"the quantization table {component.QuantizationTable} is missing"));
            }
            bool hasDc = first == 0 && high == 0, hasAc = last > 0;
            if (dc > 3 || ac > 3)
                throw Corrupt($"a scan uses the tables {dc} and {ac}; 0 to 3 are allowed");
            parts[i] = new JpegScan.Part(component, component.Limits, dc, ac)
            {
                Dc = hasDc && !frame.IsArithmetic ? tables.Dc(dc) : null,
                Ac = hasAc && !frame.IsArithmetic ? tables.Ac(ac) : null,
                Conditioning = tables.Conditioning(dc, ac),
            };
            if (!frame.IsArithmetic && ((hasDc && parts[i].Dc is null) || (hasAc && parts[i].Ac is null)))
                throw Corrupt("a Huffman table that a scan uses is missing");
            if (first > 0 && component.NonZero is null)
            {
                int blocks = frame.BlocksAcross(component) * frame.BlocksDown(component);
                component.NonZero = ArrayPool<ulong>.Shared.Rent(blocks);
                component.NonZero.AsSpan(0, blocks).Clear();
            }
        }
        return new JpegScan(bytes, start, frame, parts, restartInterval, first, last, high, low);
    }

    /// <summary>T.81 G.1.1.1: DC comes before AC, and each scan of a coefficient continues where the previous scan stopped.</summary>
    static void Note(JpegFrame.Component component, int first, int last, int high, int low)
    {
        if (first > 0 && component.LowestBit[0] < 0)
            throw Corrupt($"a scan has AC coefficients of component {component.Id} before any DC coefficients");
        foreach (ref int bit in component.LowestBit.AsSpan(first, last - first + 1))
        {
            // Each bit may be sent only once. Without this rule a small file could contain any number of scans.
            if (bit < 0 ? high != 0 : high != bit || bit == 0)
                throw Corrupt($"a scan of component {component.Id} continues from bit {high} where {(bit < 0 ? "none" : $"bit {bit}")} was sent last");
            bit = low;
        }
    }

    static void RefuseMissingScans(JpegFrame? frame)
    {
        if (frame is null)
            throw Corrupt("it has no frame header");
        foreach (JpegFrame.Component component in frame.Components)
        {
            int missing = component.LowestBit.Count(bit => bit != 0);
            if (missing > 0)
            {
                throw new PictureException(
                    "truncated", $"The picture ends before its last scan: {missing} of 64 coefficients of component {component.Id} were not sent to their last bit.",
                    "Send the whole file; a transfer was probably cut short.");
            }
        }
    }

    static PictureException Corrupt(string what) =>
        new("corrupt", $"The picture's data is damaged: {what}.", "Take or send it again; a transfer or a memory card probably changed it.");
}
