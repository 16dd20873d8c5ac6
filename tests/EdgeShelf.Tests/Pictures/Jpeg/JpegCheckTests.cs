using System.Diagnostics;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures.Jpeg;

public sealed class JpegCheckTests
{
    static string Golden => Path.Combine(AppContext.BaseDirectory, "Pictures", "Golden");

    public static TheoryData<string> Damages => [.. JpegDamage.Kinds];

    /// <summary>Baseline with and without subsampling, grey, CMYK, progressive.</summary>
    public static TheoryData<string> Jpegs => ["photo-420.jpg", "photo-444.jpg", "grey-jpeg.jpg", "cmyk.jpg", "progressive.jpg"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void ADamagedPictureIsRefusedThoughItsEndIsThere(string damage)
    {
        Random random = new(20261127);
        int refused = 0, all = 0;
        foreach (string name in Jpegs)
        {
            byte[] whole = File.ReadAllBytes(Path.Combine(Golden, name));
            for (int round = 0; round < 10; round++, all++)
            {
                if (CodeOf(JpegDamage.Of(whole, damage, random)) is "truncated" or "corrupt")
                    refused++;
            }
        }

        // What stays a picture's valid codes to the last bit cannot be told from one.
        Assert.True(refused >= all * 94 / 100, $"{refused} of {all} were refused.");
    }

    [Fact]
    public void AHeaderThatClaimsMoreRowsThanThereAreSaysSo()
    {
        byte[] picture = File.ReadAllBytes(Path.Combine(Golden, "photo-444.jpg"));
        picture[JpegDamage.Find(picture, 0xC0) + 5] *= 2;

        PictureException problem = Assert.Throws<PictureException>(() => PictureDecoder.Decode(picture).Dispose());

        Assert.Equal("truncated", problem.Code);
        Assert.Contains("unit 5040 of 9072", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgressivePictureWithoutItsLastScanIsRefused()
    {
        byte[] picture = File.ReadAllBytes(Path.Combine(Golden, "progressive.jpg"));
        int lastScan = picture.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        Assert.Equal("truncated", CodeOf([.. picture[..lastScan], 0xFF, 0xD9]));
    }

    [Fact]
    public void AScanThatIsSentTwiceIsRefused()
    {
        byte[] picture = File.ReadAllBytes(Path.Combine(Golden, "progressive.jpg"));
        int lastScan = picture.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        Assert.Equal("corrupt", CodeOf([.. picture[..^2], .. picture[lastScan..]]));
    }

    [Fact]
    public void MotionJpegWithoutHuffmanTablesIsReadWithTheStandardOnes()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Golden, "photo-420.jpg"));
        byte[] without = whole;
        while (JpegDamage.Find(without, 0xC4, 0xDA) is var at && without[at + 1] == 0xC4)
            without = [.. without[..at], .. without[(at + 2 + (without[at + 2] << 8 | without[at + 3]))..]];
        Assert.NotEqual(whole.Length, without.Length);

        using Picture expected = PictureDecoder.Decode(whole);
        using Picture picture = PictureDecoder.Decode(without);

        Assert.True(picture.Pixels.SequenceEqual(expected.Pixels), "The pixels differ.");
    }

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420)]
    [InlineData(SKJpegEncoderDownsample.Downsample422)]
    [InlineData(SKJpegEncoderDownsample.Downsample444)]
    public void APictureOfAnySizeAndQualityIsRead(SKJpegEncoderDownsample subsampling)
    {
        foreach ((int width, int height) in new[] { (1, 1), (8, 8), (9, 17), (97, 61), (320, 3) })
        {
            using SKBitmap bitmap = SKBitmap.Decode(PicturesOf.Scene(width, height, format: SKEncodedImageFormat.Png));
            foreach (int quality in new[] { 0, 40, 90, 100 })
            {
                using SKPixmap pixels = bitmap.PeekPixels()!;
                using SKData jpeg = pixels.Encode(new SKJpegEncoderOptions(quality, subsampling, SKJpegEncoderAlphaOption.Ignore))!;
                Assert.Null(CodeOf(jpeg.ToArray()));
            }
        }
    }

    [Theory]
    [InlineData("-optimize")]
    [InlineData("-restart 1B")]
    [InlineData("-restart 2 -progressive")]
    [InlineData("-progressive -sample 4x1")]
    [InlineData("-sample 2x2,1x2,2x1 -restart 7B")]
    [InlineData("-grayscale -progressive")]
    [InlineData("-quality 100 -sample 1x1")]
    [InlineData("-quality 1")]
    [InlineData("-arithmetic")]
    [InlineData("-arithmetic -restart 5B -sample 1x1")]
    [InlineData("-arithmetic -progressive")]
    public void WhatCjpegWritesIsRead(string arguments) => Assert.Null(CodeOf(Cjpeg(arguments)));

    [Theory]
    [InlineData("-arithmetic")]
    [InlineData("-arithmetic -progressive")]
    [InlineData("-restart 8B")]
    [InlineData("-restart 2 -progressive")]
    public void WhatCjpegWroteIsRefusedWhenItIsDamaged(string arguments)
    {
        byte[] whole = Cjpeg(arguments);
        Random random = new(20261127);

        int refused = Enumerable.Range(0, 40).Count(round => CodeOf(JpegDamage.Of(whole, JpegDamage.Kinds[round % JpegDamage.Kinds.Length], random)) is not null);

        Assert.True(refused >= 37, $"{refused} of 40 were refused.");
    }

    [Theory]
    [InlineData("-restart 8B")]
    [InlineData("-restart 2 -progressive")]
    public void RestartMarkersThatAreOutOfOrderAreRefused(string arguments)
    {
        byte[] picture = Cjpeg(arguments);
        int marker = picture.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD1]);
        Assert.True(marker > 0, "There is no second restart marker.");
        picture[marker + 1] = 0xD2;

        Assert.Equal("corrupt", CodeOf(picture));
    }

    static byte[] Cjpeg(string arguments)
    {
        string? cjpeg = ProgramsOnPath.Find("cjpeg");
        Assert.SkipWhen(cjpeg is null, "cjpeg is not installed (libjpeg-turbo-progs).");
        using SKBitmap scene = SKBitmap.Decode(PicturesOf.Scene(203, 117, format: SKEncodedImageFormat.Png));
        ProcessStartInfo start = new(cjpeg!, arguments.Split(' ')) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using (Stream input = process.StandardInput.BaseStream)
        {
            input.Write(System.Text.Encoding.ASCII.GetBytes($"P6 {scene.Width} {scene.Height} 255\n"));
            foreach (SKColor color in scene.Pixels)
                input.Write([color.Red, color.Green, color.Blue]);
        }
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }

    /// <summary>Null: the picture was read.</summary>
    static string? CodeOf(byte[] bytes)
    {
        try
        {
            PictureDecoder.Decode(bytes).Dispose();
            return null;
        }
        catch (PictureException problem)
        {
            return problem.Code;
        }
    }
}
