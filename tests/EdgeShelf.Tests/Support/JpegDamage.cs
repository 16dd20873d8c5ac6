using System.Buffers.Binary;

namespace EdgeShelf.Tests.Support;

/// <summary>Damages of JPEGs that keep the end marker, as memory cards, cables and interrupted transfers leave them.</summary>
static class JpegDamage
{
    public static string[] Kinds { get; } = ["zeroed block", "noise", "repeated block", "missing block", "missing end", "30 bytes changed", "another height"];

    /// <summary>A damaged copy; never the same bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> picture, string kind, Random random)
    {
        while (true)
        {
            byte[] damaged = Once(picture.ToArray(), kind, random);
            if (!picture.SequenceEqual(damaged))
                return damaged;
        }
    }

    static byte[] Once(byte[] picture, string kind, Random random)
    {
        int start = Find(picture, 0xDA) + 14;
        int length = picture.Length - 2 - start;
        int at = start + random.Next(length * 3 / 4);
        int block = Math.Min(length / 4, 1 << random.Next(6, 13));
        switch (kind)
        {
            case "zeroed block":
                picture.AsSpan(at, block).Clear();
                return picture;
            case "noise":
                random.NextBytes(picture.AsSpan(at, block));
                return picture;
            case "repeated block":
                picture.AsSpan(start + random.Next(length * 3 / 4), block).CopyTo(picture.AsSpan(at));
                return picture;
            case "missing block":
                return [.. picture[..at], .. picture[(at + block)..]];
            case "missing end":
                return [.. picture[..at], 0xFF, 0xD9];
            case "another height":
                int frame = Find(picture, 0xC0, 0xC1, 0xC2, 0xC9, 0xCA);
                ushort height = BinaryPrimitives.ReadUInt16BigEndian(picture.AsSpan(frame + 5));
                BinaryPrimitives.WriteUInt16BigEndian(picture.AsSpan(frame + 5), (ushort)(random.Next(2) == 0 ? height * 2 : height / 2));
                return picture;
            default:
                for (int i = 0; i < 30; i++)
                    picture[start + random.Next(length)] = (byte)random.Next(256);
                return picture;
        }
    }

    /// <summary>The position of the first segment with one of these markers.</summary>
    public static int Find(ReadOnlySpan<byte> picture, params ReadOnlySpan<byte> markers)
    {
        int at = 2;
        while (!markers.Contains(picture[at + 1]))
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 2)..]);
        return at;
    }
}
