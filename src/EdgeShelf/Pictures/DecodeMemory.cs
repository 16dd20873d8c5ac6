using System.Buffers.Binary;
using EdgeShelf.Pictures.Jpeg;

namespace EdgeShelf.Pictures;

/// <summary>
/// Reckons from a picture's header how much memory its decoding takes, so that one that takes too much is refused before any is
/// taken: beside the pixels themselves, a progressive JPEG needs all its coefficients, an interlaced PNG all its rows as they are
/// stored, and a turned picture a second copy.
/// </summary>
static class DecodeMemory
{
    /// <summary>A board of 512 MB also holds the service (120 MB), the system and the outbox's cache.</summary>
    public const long MaxBytes = 220_000_000;

    const int CoefficientBytes = 2;

    /// <summary>Bytes that decoding takes at its peak, encoded bytes not counted.</summary>
    /// <param name="bytes">A PNG or JPEG with a whole header.</param>
    /// <param name="full">Size in pixels that the header says.</param>
    /// <param name="decoded">Size in pixels after a reduced decode.</param>
    public static long Of(ReadOnlySpan<byte> bytes, (int Width, int Height) full, (int Width, int Height) decoded, bool isTurned)
    {
        long pixels = (long)decoded.Width * decoded.Height * Picture.BytesPerPixel;
        return pixels * (isTurned ? 2 : 1) + (bytes[0] == 0xFF ? CoefficientsOfJpeg(bytes) : RowsOfPng(bytes, full));
    }

    static long CoefficientsOfJpeg(ReadOnlySpan<byte> bytes)
    {
        const int ComponentsAt = 6, ComponentLength = 3;
        JpegSegments segments = new(bytes);
        while (segments.TryNext())
        {
            if (!segments.IsFrameHeader || segments.Body.Length < ComponentsAt)
                continue;
            ReadOnlySpan<byte> body = segments.Body;
            bool isProgressive = segments.Marker is 0xC2 or 0xCA;
            if (!isProgressive || body.Length < ComponentsAt + ComponentLength * body[5])
                return 0;
            long area = (long)BinaryPrimitives.ReadUInt16BigEndian(body[1..]) * BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
            int across = 1, down = 1, sum = 0;
            for (int i = 0; i < body[5]; i++)
            {
                byte sampling = body[ComponentsAt + ComponentLength * i + 1];
                (across, down) = (Math.Max(across, sampling >> 4), Math.Max(down, sampling & 15));
                sum += (sampling >> 4) * (sampling & 15);
            }
            return area * sum / (across * down) * CoefficientBytes;
        }
        return 0;
    }

    /// <summary>PNG, third edition, 11.2.1: IHDR has depth, colour type and interlace method at bytes 8, 9 and 12 of its data.</summary>
    static long RowsOfPng(ReadOnlySpan<byte> bytes, (int Width, int Height) full)
    {
        const int HeaderData = 16;
        if (bytes.Length < HeaderData + 13 || bytes[HeaderData + 12] == 0)
            return 0;
        int channels = bytes[HeaderData + 9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        return (long)full.Width * full.Height * channels * Math.Max((byte)8, bytes[HeaderData + 8]) / 8;
    }
}
