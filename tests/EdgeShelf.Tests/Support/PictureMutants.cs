using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeShelf.Tests.Support;

/// <summary>PNGs and JPEGs whose chunks and segments are multiplied, exchanged, removed, filled with bombs and damaged; the same one for the same seed.</summary>
sealed class PictureMutants
{
    const int MaxBytes = 4_000_000;
    const int PngSignature = 8, PngOverhead = 12;

    readonly byte[][] _pngs;
    readonly byte[][] _jpegs;
    readonly byte[][] _pngBombs;
    readonly byte[][] _jpegBombs;

    public PictureMutants()
    {
        byte[] nothing = Zlib(new byte[8_000_000]);
        byte[] noise = new byte[60_000];
        new Random(1).NextBytes(noise);
        _pngs = [.. new[] { "alpha.png", "palette.png", "grey-16-bit.png", "scene-225x224.png" }.Select(Golden), PicturesOf.PngBomb(4000, 3000)];
        _jpegs = [.. new[] { "photo-420.jpg", "progressive.jpg", "cmyk.jpg", "exif-6.jpg", "grey-jpeg.jpg", "large-1640x1232.jpg" }.Select(Golden)];
        _pngBombs =
        [
            PicturesOf.PngChunk("zTXt"u8, [.. "Comment\0\0"u8, .. nothing]), PicturesOf.PngChunk("iTXt"u8, [.. "Comment\0\u0001\0\0\0"u8, .. nothing]),
            PicturesOf.PngChunk("iCCP"u8, [.. "profile\0\0"u8, .. nothing]), PicturesOf.PngChunk("eXIf"u8, noise), PicturesOf.PngChunk("tRNS"u8, noise[..256]),
            PicturesOf.PngChunk("PLTE"u8, noise[..768]), PicturesOf.PngChunk("IDAT"u8, nothing), PicturesOf.PngChunk("tEXt"u8, [.. "a\0"u8]),
        ];
        _jpegBombs =
        [
            Segment(0xE1, [.. "Exif\0\0II*\0\u0008\0\0\0"u8, .. noise]), Segment(0xE2, [.. "ICC_PROFILE\0\u0001\u0010"u8, .. noise]), Segment(0xFE, noise), Segment(0xE1, []),
            Segment(0xED, noise), Segment(0xDD, [0, 1]), Segment(0xDB, [0, .. noise[..64]]), Segment(0xC4, [0, .. noise[..16], .. noise[..40]]),
        ];
    }

    public byte[] Of(int seed)
    {
        Random random = new(seed);
        bool isPng = random.Next(2) == 0;
        byte[] picture = isPng ? Pick(_pngs, random) : Pick(_jpegs, random);
        int start = isPng ? PngSignature : 2;
        List<byte[]> parts = isPng ? Chunks(picture) : Segments(picture);
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            Change(parts, isPng ? _pngBombs : _jpegBombs, isPng, random);
        byte[] mutant = [.. picture[..start], .. parts.SelectMany(part => part)];
        if (random.Next(4) == 0)
            mutant[random.Next(start, mutant.Length)] ^= (byte)(1 << random.Next(8));
        return mutant;
    }

    static void Change(List<byte[]> parts, byte[][] bombs, bool isPng, Random random)
    {
        // Mostly before the pixels, where a decoder takes everything.
        int at = random.Next(3) == 0 ? random.Next(parts.Count) : random.Next(Math.Min(parts.Count, 4));
        switch (random.Next(6))
        {
            case 0 or 1:
                Multiply(parts, at, parts[at], random);
                break;
            case 2:
                Multiply(parts, at, Pick(bombs, random), random);
                break;
            case 3:
                int other = random.Next(parts.Count);
                (parts[at], parts[other]) = (parts[other], parts[at]);
                break;
            case 4 when parts.Count > 2:
                parts.RemoveAt(at);
                break;
            default:
                parts[at] = Damaged(parts[at], isPng, random);
                break;
        }
    }

    static void Multiply(List<byte[]> parts, int at, byte[] part, Random random)
    {
        int room = MaxBytes - parts.Sum(one => one.Length);
        int times = Math.Min(1 << random.Next(1, 19), Math.Max(room, 0) / Math.Max(part.Length, 1));
        parts.InsertRange(at, Enumerable.Repeat(part, times));
    }

    /// <summary>Other bytes in the data; a chunk of a PNG mostly has the right checksum all the same, since a decoder would stop at a wrong one.</summary>
    static byte[] Damaged(byte[] part, bool isPng, Random random)
    {
        byte[] damaged = (byte[])part.Clone();
        int first = isPng ? 8 : 4, end = damaged.Length - (isPng ? 4 : 0);
        for (int i = random.Next(1, 5); i > 0 && end > first; i--)
            damaged[random.Next(first, end)] = (byte)random.Next(256);
        return isPng && end > first && random.Next(4) > 0 ? PicturesOf.PngChunk(damaged.AsSpan(4, 4), damaged[8..end]) : damaged;
    }

    static List<byte[]> Chunks(byte[] png)
    {
        List<byte[]> chunks = [];
        for (int at = PngSignature; at < png.Length;)
        {
            int length = PngOverhead + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add(png[at..(at + length)]);
            at += length;
        }
        return chunks;
    }

    /// <summary>The segments, and what follows each scan's header together with it.</summary>
    static List<byte[]> Segments(byte[] jpeg)
    {
        List<byte[]> segments = [];
        for (int at = 2; at < jpeg.Length;)
        {
            int end = jpeg[at + 1] == 0xD9 ? jpeg.Length : at + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            if (jpeg[at + 1] == 0xDA)
            {
                while (jpeg[end] != 0xFF || jpeg[end + 1] is 0 or (>= 0xD0 and <= 0xD7))
                    end++;
            }
            segments.Add(jpeg[at..end]);
            at = end;
        }
        return segments;
    }

    static byte[] Segment(byte marker, byte[] body) => [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pictures", "Golden", name));

    static byte[] Pick(byte[][] some, Random random) => some[random.Next(some.Length)];

    static byte[] Zlib(byte[] content)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(content);
        return packed.ToArray();
    }
}
