using System.Buffers;
using System.Buffers.Binary;
using EdgeShelf.Pictures.Jpeg;

namespace EdgeShelf.Pictures;

/// <summary>
/// Keeps from the decoder what pixels do not need. Decoders unpack and keep texts, thumbnails and notes: sixty compressed texts of
/// 8 MB fit into 460 kB of PNG, and a million empty segments into 4 MB of JPEG.
/// </summary>
static class PictureParts
{
    /// <summary>A colour profile or EXIF block of more bytes is left out: the colours are then taken as sRGB, the picture as upright.</summary>
    const int MaxAncillaryBytes = 1 << 20;

    /// <summary>Colour profiles come in several JPEG segments, each of up to 64 KiB.</summary>
    const int MaxProfileSegments = 16;

    const int PngSignatureLength = 8, PngChunkOverhead = 12;

    /// <param name="bytes">A whole PNG or JPEG, as <see cref="EncodedPicture.Check"/> lets through.</param>
    /// <returns>The same picture; the same bytes where there is nothing to leave out.</returns>
    public static ReadOnlyMemory<byte> Needed(ReadOnlyMemory<byte> bytes) => bytes.Span[0] == 0xFF ? NeededOfJpeg(bytes) : NeededOfPng(bytes);

    static ReadOnlyMemory<byte> NeededOfPng(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> all = bytes.Span;
        Kept kept = new(bytes);
        for (int at = PngSignatureLength; at + PngChunkOverhead <= all.Length;)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(all[at..]), (uint)(all.Length - at - PngChunkOverhead));
            ReadOnlySpan<byte> type = all.Slice(at + 4, 4);
            int end = at + PngChunkOverhead + length;
            // The fifth bit of the type's first letter says that a decoder may leave the chunk out (PNG, third edition, 5.4).
            bool isCritical = (type[0] & 0x20) == 0;
            if (!isCritical && !(IsOfPixels(type) && length <= MaxAncillaryBytes))
                kept.LeaveOut(at, end);
            at = end;
        }
        return kept.Bytes();
    }

    /// <summary>Ancillary chunks that change what the pixels look like.</summary>
    static bool IsOfPixels(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("tRNS"u8) || type.SequenceEqual("sBIT"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("cHRM"u8) || type.SequenceEqual("sRGB"u8)
        || type.SequenceEqual("iCCP"u8) || type.SequenceEqual("eXIf"u8);

    static ReadOnlyMemory<byte> NeededOfJpeg(ReadOnlyMemory<byte> bytes)
    {
        Kept kept = new(bytes);
        JpegSegments segments = new(bytes.Span);
        int start = segments.Position, profiles = 0, exifs = 0;
        // Behind the first scan's header come its data; segments between later scans are few, or the walk of the scans refuses them.
        while (segments.TryNext() && segments.Marker != JpegSegments.StartOfScan)
        {
            bool isNeeded = segments.Marker switch
            {
                0xE0 => segments.Body.StartsWith("JFIF\0"u8),
                0xE1 => segments.Body.StartsWith("Exif\0\0"u8) && ++exifs == 1,
                0xE2 => segments.Body.StartsWith("ICC_PROFILE\0"u8) && ++profiles <= MaxProfileSegments,
                0xEE => segments.Body.StartsWith("Adobe"u8),
                >= 0xE0 and <= 0xEF or 0xFE => false,
                _ => true,
            };
            if (!isNeeded)
                kept.LeaveOut(start, segments.Position);
            start = segments.Position;
        }
        return kept.Bytes();
    }

    /// <summary>What is kept of a picture: copied only when something was left out.</summary>
    struct Kept(ReadOnlyMemory<byte> all)
    {
        ArrayBufferWriter<byte>? _copy;
        int _from;

        public void LeaveOut(int start, int end)
        {
            _copy ??= new ArrayBufferWriter<byte>(all.Length);
            _copy.Write(all.Span[_from..start]);
            _from = end;
        }

        public readonly ReadOnlyMemory<byte> Bytes()
        {
            if (_copy is null)
                return all;
            _copy.Write(all.Span[_from..]);
            return _copy.WrittenMemory;
        }
    }
}
