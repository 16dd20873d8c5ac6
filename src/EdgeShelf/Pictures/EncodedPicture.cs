using System.Buffers.Binary;
using EdgeShelf.Pictures.Jpeg;
using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures;

/// <summary>
/// Checks the structure of an encoded picture without decoding it: whether it is a JPEG or a PNG, and whether its end is there.
/// Decoders are lenient and fill missing parts with grey, and the network then labels a half-grey picture with high confidence.
/// </summary>
static class EncodedPicture
{
    static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="PictureException">`empty`, `not-a-picture`, `unsupported` or `truncated`.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new PictureException("empty", "The picture is empty (0 bytes).", "Check what the camera or the upload sends.");
        bool complete;
        if (bytes.StartsWith(PngSignature))
            complete = PngIsComplete(bytes);
        else if (bytes is [0xFF, 0xD8, 0xFF, ..])
        {
            JpegKind.Check(bytes);
            complete = JpegIsComplete(bytes);
        }
        else if (PictureFormat.NameOf(bytes) is { } format)
            throw new PictureException("unsupported", $"The picture is in the format {format}; JPEG and PNG can be read.", PictureFormat.Hint);
        else
            throw new PictureException("not-a-picture", $"Not a JPEG or PNG: it has {bytes.Length} bytes of {PictureFormat.KindOf(bytes)}.", "Send a JPEG or PNG picture.");
        if (!complete)
            throw new PictureException("truncated", $"The picture stops before its end, after {bytes.Length} bytes.", "Send the whole file; a transfer was probably cut short.");
    }

    /// <summary>Whether a JPEG reaches end-of-image (ITU T.81 annex B), read as segments and the entropy-coded bytes after each start of scan.</summary>
    static bool JpegIsComplete(ReadOnlySpan<byte> bytes)
    {
        const byte EndOfImage = 0xD9, StartOfScan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7;
        int at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
                return false;
            byte marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                // Any number of fill bytes may precede a marker.
                at++;
                continue;
            }
            if (marker == EndOfImage)
                return true;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker != StartOfScan)
                continue;
            while (at + 1 < bytes.Length && (bytes[at] != 0xFF || bytes[at + 1] is 0 or 0xFF or (>= FirstRestart and <= LastRestart)))
            {
                int skip = bytes[(at + 1)..].IndexOf((byte)0xFF);
                if (skip < 0)
                    return false;
                at += 1 + skip;
            }
        }
        return at + 2 <= bytes.Length && bytes[at] == 0xFF && bytes[at + 1] == EndOfImage;
    }

    /// <summary>Whether a PNG reaches IEND (third edition, section 5), read as chunks of length, type, data and CRC.</summary>
    static bool PngIsComplete(ReadOnlySpan<byte> bytes)
    {
        const int LengthTypeAndCrc = 12;
        long at = PngSignature.Length;
        while (at + LengthTypeAndCrc <= bytes.Length)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)at..];
            if (chunk.Slice(4, 4).SequenceEqual("IEND"u8))
                return true;
            at += LengthTypeAndCrc + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return false;
    }
}
