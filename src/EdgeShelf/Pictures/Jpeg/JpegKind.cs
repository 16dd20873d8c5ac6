using System.Buffers.Binary;

namespace EdgeShelf.Pictures.Jpeg;

/// <summary>Detects the kinds of JPEG that the decoder cannot read, because the decoder would report them as damaged.</summary>
static class JpegKind
{
    /// <param name="bytes">Bytes that begin like a JPEG.</param>
    /// <exception cref="PictureException">`unsupported`.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        const string Hint = "Save it as a baseline or progressive JPEG of 8 bits, or as a PNG.";
        JpegSegments segments = new(bytes);
        while (segments.TryNext())
        {
            if (segments.Marker == JpegSegments.StartOfScan)
                return;
            if (!segments.IsFrameHeader || segments.Body.Length < 6)
                continue;
            if (NameOf(segments.Marker) is { } name)
                throw new PictureException("unsupported", $"The picture is {name} JPEG (FF{segments.Marker:X2}); baseline, extended and progressive JPEGs can be read.", Hint);
            if (segments.Body[0] != 8)
                throw new PictureException("unsupported", $"The picture is a JPEG of {segments.Body[0]} bits a sample; 8 bits can be read.", Hint);
            if (BinaryPrimitives.ReadUInt16BigEndian(segments.Body[1..]) == 0)
                throw new PictureException("unsupported", "The picture's header leaves its height to a later segment (DNL); a height of 1 or more can be read.", Hint);
            if (segments.Body[5] is not (1 or 3 or 4))
                throw new PictureException("unsupported", $"The picture is a JPEG of {segments.Body[5]} components; 1 (grey), 3 (colour) and 4 (CMYK) can be read.", Hint);
            return;
        }
    }

    /// <summary>The name of the kind by T.81 table B.1, and by T.87 for JPEG-LS, or null if the kind can be read.</summary>
    static string? NameOf(byte marker) => marker switch
    {
        0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA => null,
        0xC3 => "a lossless",
        0xCB => "a lossless, arithmetic-coded",
        _ => "a hierarchical",
    };
}
