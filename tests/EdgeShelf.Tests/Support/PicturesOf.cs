using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>Encoded pictures for tests.</summary>
static class PicturesOf
{
    /// <summary>A colourful scene with edges and texture.</summary>
    public static byte[] Scene(int width = 640, int height = 480, int seed = 1, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using SKBitmap bitmap = new(width, height);
        Random random = new(seed);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(new SKColor((uint)random.Next() | 0xFF000000));
            using SKPaint paint = new() { IsAntialias = true };
            for (int i = 0; i < 60; i++)
            {
                paint.Color = new SKColor((uint)random.Next() | 0xFF000000);
                canvas.DrawCircle(random.Next(width), random.Next(height), random.Next(4, Math.Max(5, width / 6)), paint);
            }
        }
        return Encode(bitmap, format);
    }

    /// <summary>One colour in many shades: sharp and contrasty enough for the quality gate.</summary>
    public static byte[] Speckled(SKColor color, int width = 320, int height = 240) => Speckled([color], width, height);

    /// <summary>Colours side by side, each in many shades.</summary>
    public static byte[] Speckled(IReadOnlyList<SKColor> columns, int width, int height)
    {
        const int Cell = 30;
        using SKBitmap bitmap = new(width, height);
        Random random = new(1);
        using (SKCanvas canvas = new(bitmap))
        {
            using SKPaint paint = new();
            for (int y = 0; y < height; y += Cell)
            {
                for (int x = 0; x < width; x += Cell)
                {
                    SKColor color = columns[x * columns.Count / width];
                    double shade = 0.3 + 0.7 * random.NextDouble();
                    paint.Color = new SKColor((byte)(color.Red * shade), (byte)(color.Green * shade), (byte)(color.Blue * shade));
                    canvas.DrawRect(x, y, Cell, Cell, paint);
                }
            }
        }
        return Encode(bitmap, SKEncodedImageFormat.Png);
    }

    /// <summary>One colour everywhere.</summary>
    public static byte[] Plain(SKColor color, int width = 320, int height = 240, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using SKBitmap bitmap = new(width, height);
        bitmap.Erase(color);
        return Encode(bitmap, format);
    }

    /// <summary>A JPEG with an EXIF orientation, 1 to 8.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        // TIFF, big-endian, one entry: tag 0x0112, a 16-bit number.
        byte[] exif =
        [
            .. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0"u8, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>A PNG of a few kB that may be any size: one bit a pixel, all black.</summary>
    public static byte[] PngBomb(int width, int height)
    {
        MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        png.Write(PngChunk("IHDR"u8, header));
        MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] row = new byte[1 + (width + 7) / 8];
            for (int y = 0; y < height; y++)
                zlib.Write(row);
        }
        png.Write(PngChunk("IDAT"u8, data.ToArray()));
        png.Write(PngChunk("IEND"u8, []));
        return png.ToArray();
    }

    static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>A chunk of a PNG: length, type, data and checksum.</summary>
    public static byte[] PngChunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] length = new byte[4], checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        byte[] body = [.. type, .. data];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc(body));
        return [.. length, .. body, .. checksum];
    }

    static uint Crc(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
