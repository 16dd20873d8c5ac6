using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Pictures;

public sealed class RawPictureDecoderTests
{
    // The reference values are those of the standards' own colour bars, 8 bits.
    [Theory]
    [InlineData(false, false, 16, 128, 128, 0, 0, 0)]
    [InlineData(false, false, 235, 128, 128, 255, 255, 255)]
    [InlineData(false, false, 81, 90, 240, 255, 0, 0)]
    [InlineData(false, false, 145, 54, 34, 0, 255, 0)]
    [InlineData(false, false, 41, 240, 110, 0, 0, 255)]
    [InlineData(true, false, 63, 102, 240, 255, 0, 0)]
    [InlineData(true, false, 173, 42, 26, 0, 255, 0)]
    [InlineData(true, false, 32, 240, 118, 0, 0, 255)]
    [InlineData(false, true, 0, 128, 128, 0, 0, 0)]
    [InlineData(false, true, 255, 128, 128, 255, 255, 255)]
    [InlineData(false, true, 76, 85, 255, 255, 0, 0)]
    public void ReferenceColoursComeOutWithinALevelOrTwo(bool bt709, bool full, byte y, byte cb, byte cr, int red, int green, int blue)
    {
        RawLayout yuyv = new(RawPixels.Yuyv, 2, 2, 4, bt709, full);
        RawLayout nv12 = new(RawPixels.Nv12, 2, 2, 2, bt709, full);

        (byte[] Bytes, RawLayout Layout)[] frames = [([y, cb, y, cr, y, cb, y, cr], yuyv), ([y, y, y, y, cb, cr], nv12)];
        foreach ((byte[] bytes, RawLayout layout) in frames)
        {
            using Picture picture = RawPictureDecoder.Decode(bytes, layout);
            for (int at = 0; at < picture.Pixels.Length; at += 4)
            {
                Assert.InRange(picture.Pixels[at], red - 2, red + 2);
                Assert.InRange(picture.Pixels[at + 1], green - 2, green + 2);
                Assert.InRange(picture.Pixels[at + 2], blue - 2, blue + 2);
                Assert.Equal(255, picture.Pixels[at + 3]);
            }
        }
    }

    [Fact]
    public void PaddingAtTheEndOfRowsIsNotSeen()
    {
        // 2 x 2, white above black, with four bytes of bright green after each row.
        byte[] padding = [145, 54, 145, 34];
        byte[] bytes = [235, 128, 235, 128, .. padding, 16, 128, 16, 128, .. padding];

        using Picture picture = RawPictureDecoder.Decode(bytes, new RawLayout(RawPixels.Yuyv, 2, 2, 8));

        Assert.Equal([255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255], picture.Pixels.ToArray());
    }

    [Fact]
    public void EachPixelHasItsOwnBrightnessAndSharesItsColour()
    {
        // One row of four: 16, 100, 180, 235 in grey.
        byte[] bytes = [16, 128, 100, 128, 180, 128, 235, 128];

        using Picture picture = RawPictureDecoder.Decode(bytes, new RawLayout(RawPixels.Yuyv, 4, 1, 8));

        Assert.Equal([0, 98, 191, 255], [picture.Pixels[0], picture.Pixels[4], picture.Pixels[8], picture.Pixels[12]]);
    }

    [Theory]
    [InlineData("Yuyv", 3, 3, 8)]
    [InlineData("Nv12", 3, 3, 4)]
    public void OddSizesDecode(string pixels, int width, int height, int stride)
    {
        RawLayout layout = new(Enum.Parse<RawPixels>(pixels), width, height, stride);

        using Picture picture = RawPictureDecoder.Decode(Enumerable.Repeat((byte)128, (int)layout.Length).ToArray(), layout);

        Assert.Equal((3, 3), (picture.Width, picture.Height));
    }

    /// <summary>Pictures of two pixels are converted in plain numbers, wide ones in vectors.</summary>
    [Theory]
    [InlineData(8, 2)]
    [InlineData(9, 3)]
    [InlineData(31, 4)]
    [InlineData(64, 5)]
    public void EachPairOfPixelsIsConvertedAsIfItWereAlone(int width, int height)
    {
        RawLayout yuyv = new(RawPixels.Yuyv, width, height, (width + 1) / 2 * 4, Bt709: true), nv12 = new(RawPixels.Nv12, width, height, (width + 1) / 2 * 2);
        byte[] packed = new byte[yuyv.Length], planes = new byte[nv12.Length];
        new Random(width).NextBytes(packed);
        new Random(height).NextBytes(planes);

        using Picture fromYuyv = RawPictureDecoder.Decode(packed, yuyv), fromNv12 = RawPictureDecoder.Decode(planes, nv12);

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x += 2)
            {
                int at = y * yuyv.Stride + x * 2, luma = y * nv12.Stride + x, chroma = (height + y / 2) * nv12.Stride + x;
                using Picture one = RawPictureDecoder.Decode(packed.AsSpan(at, 4), new RawLayout(RawPixels.Yuyv, 2, 1, 4, Bt709: true));
                using Picture other = RawPictureDecoder.Decode((byte[])[.. planes[luma..(luma + 2)], .. planes[chroma..(chroma + 2)]], new RawLayout(RawPixels.Nv12, 2, 1, 2));
                int pixel = (y * width + x) * Picture.BytesPerPixel, length = Math.Min(2, width - x) * Picture.BytesPerPixel;
                Assert.Equal(one.Pixels[..length], fromYuyv.Pixels.Slice(pixel, length));
                Assert.Equal(other.Pixels[..length], fromNv12.Pixels.Slice(pixel, length));
            }
        }
    }

    [Theory]
    [InlineData("Yuyv")]
    [InlineData("Nv12")]
    public void AFrameThatIsTooShortIsRefused(string pixels)
    {
        RawLayout layout = new(Enum.Parse<RawPixels>(pixels), 64, 48, 128);

        PictureException problem = Assert.Throws<PictureException>(() => RawPictureDecoder.Decode(new byte[layout.Length - 1], layout));

        Assert.Equal("truncated", problem.Code);
    }

    [Fact]
    public void AnAbsurdSizeIsRefusedBeforeMemoryIsTaken()
    {
        RawLayout layout = new(RawPixels.Yuyv, 100_000, 100_000, 200_000);

        Assert.Equal("too-large", Assert.Throws<PictureException>(() => RawPictureDecoder.Decode([], layout)).Code);
    }
}
