using System.Text;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

public sealed class PictureDecoderTests
{
    [Theory]
    [InlineData(0.10)]
    [InlineData(0.50)]
    [InlineData(0.90)]
    public void AJpegThatWasCutShortIsRefused(double kept)
    {
        byte[] whole = PicturesOf.Scene();
        Assert.Equal("truncated", CodeOf(whole[..(int)(whole.Length * kept)]));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    public void APictureThatLacksItsLastTwoBytesIsRefused(SKEncodedImageFormat format)
    {
        byte[] whole = PicturesOf.Scene(format: format);
        using (PictureDecoder.Decode(whole))
            Assert.Contains(CodeOf(whole[..^2]), new[] { "truncated" });
    }

    [Fact]
    public void BytesAfterTheEndAreNoFault()
    {
        byte[] padded = [.. PicturesOf.Scene(320, 200), .. new byte[4096]];
        using Picture picture = PictureDecoder.Decode(padded);
        Assert.Equal((320, 200), (picture.Width, picture.Height));
    }

    public static TheoryData<string, byte[], string> Rubbish() => new()
    {
        { "nothing", [], "empty" },
        { "HTML", Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>503 Service Unavailable</body></html>"), "not-a-picture" },
        { "zeros", new byte[10_000], "not-a-picture" },
        { "a PDF", Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\n"), "not-a-picture" },
        { "a GIF", Encoding.ASCII.GetBytes("GIF89a\u0001\0\u0001\0\0\0\0;"), "unsupported" },
        { "an iPhone's picture", Encoding.ASCII.GetBytes("\0\0\0\u001Cftypheic\0\0\0\0mif1heic"), "unsupported" },
        { "AVIF", Encoding.ASCII.GetBytes("\0\0\0\u001Cftypavif\0\0\0\0mif1avif"), "unsupported" },
        { "WebP", Encoding.ASCII.GetBytes("RIFF\u0010\0\0\0WEBPVP8 "), "unsupported" },
        { "TIFF", Encoding.ASCII.GetBytes("II*\0\u0008\0\0\0"), "unsupported" },
        { "BMP", Encoding.ASCII.GetBytes("BM\u0036\0\0\0\0\0\0\0\u0036\0\0\0"), "unsupported" },
        { "a JPEG's first bytes", [0xFF, 0xD8, 0xFF, 0xE0], "truncated" },
        { "a JPEG that ends at once", [0xFF, 0xD8, 0xFF, 0xD9], "corrupt" },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public void RubbishIsRefusedByName(string what, byte[] bytes, string code)
    {
        Assert.NotEmpty(what);
        Assert.Equal(code, CodeOf(bytes));
    }

    [Fact]
    public void AHugePictureIsRefusedFromItsHeader()
    {
        byte[] bomb = PicturesOf.PngBomb(30_000, 30_000);
        Assert.InRange(bomb.Length, 1, 200_000);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        Assert.Equal("too-large", CodeOf(bomb));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1_000_000);
    }

    [Fact]
    public void AThinPictureCostsNoMoreThanItsPixels()
    {
        // The longer side would be 256 million pixels after the resize; only the crop is computed.
        byte[] thin = PicturesOf.PngBomb(1_000_000, 1);
        using Picture picture = PictureDecoder.Decode(thin);
        Preprocessor preprocessor = new(new EdgeShelf.Models.ModelInput { Type = "float32" });
        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.Crop(picture, crop);
        Assert.All(crop, level => Assert.Equal(0, level));
    }

    [Fact]
    public void NoFlippedByteCrashesTheDecoder()
    {
        byte[] whole = PicturesOf.Scene(64, 48);
        Random random = new(20261125);
        int refused = 0;
        for (int round = 0; round < 2_000; round++)
        {
            byte[] broken = [.. whole];
            for (int flip = 0; flip < 1 + round % 4; flip++)
                broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                PictureDecoder.Decode(broken).Dispose();
            }
            catch (PictureException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1, 1_999);
    }

    static string CodeOf(byte[] bytes) => Assert.Throws<PictureException>(() => PictureDecoder.Decode(bytes).Dispose()).Code;
}
