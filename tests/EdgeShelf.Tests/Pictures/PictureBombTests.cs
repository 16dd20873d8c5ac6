using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

/// <summary>Small files that ask a decoder for much memory.</summary>
public sealed class PictureBombTests
{
    /// <summary>Sixty compressed texts of 8 MB each in 460 kB of PNG took the service's whole memory at each start, for ever.</summary>
    [Fact]
    public void TextsOfAPngAreNotUnpacked()
    {
        byte[] plain = PicturesOf.Plain(SKColors.Red, format: SKEncodedImageFormat.Png);
        byte[] text = [.. "Comment\0\0"u8, .. Zlib(new byte[8_000_000])];
        byte[] bomb = [.. plain.AsSpan(0, 33), .. Enumerable.Repeat(PicturesOf.PngChunk("zTXt"u8, text), 60).SelectMany(chunk => chunk), .. plain.AsSpan(33)];

        AssertSameAnswerAndPeakBelow(plain, bomb, ".png");
    }

    [Fact]
    public void AMillionSegmentsOfAJpegAreNotKept()
    {
        byte[] plain = PicturesOf.Plain(SKColors.Red);
        byte[] segments = new byte[4_000_000];
        for (int at = 0; at < segments.Length; at += 4)
            new byte[] { 0xFF, (byte)(at % 8 == 0 ? 0xE1 : 0xE2), 0, 2 }.CopyTo(segments, at);
        byte[] bomb = [.. plain.AsSpan(0, 2), .. segments, .. plain.AsSpan(2)];

        AssertSameAnswerAndPeakBelow(plain, bomb, ".jpg");
    }

    [Fact]
    public void APictureWithoutExtrasIsPassedOnAsItIs()
    {
        foreach (SKEncodedImageFormat format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg])
        {
            ReadOnlyMemory<byte> picture = PicturesOf.Scene(format: format);
            Assert.True(picture.Span.Overlaps(PictureParts.Needed(picture).Span), $"{format} was copied.");
        }
    }

    /// <summary>Header of a picture that no board can hold: 25 megapixels, all coefficients or all rows kept, and a turned copy.</summary>
    [Fact]
    public void APictureThatNeedsTooMuchMemoryIsRefusedFromItsHeader()
    {
        // Interlaced, 16 bits, with alpha: 8 bytes a pixel beside the decoded ones.
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 5000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 5000);
        (header[8], header[9], header[12]) = (16, 6, 1);
        byte[] png = [0x89, .. "PNG\r\n\u001A\n"u8, .. PicturesOf.PngChunk("IHDR"u8, header), .. PicturesOf.PngChunk("IDAT"u8, Zlib(new byte[100])), .. PicturesOf.PngChunk("IEND"u8, [])];

        PictureException problem = Assert.Throws<PictureException>(() => PictureDecoder.Decode(png));

        Assert.Equal("too-large", problem.Code);
        Assert.Contains("300 MB", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>By the program itself, since another test's memory would be in the way here.</summary>
    static void AssertSameAnswerAndPeakBelow(byte[] plain, byte[] bomb, string ending)
    {
        Assert.SkipUnless(ProgramsOnPath.Find("python3") is not null, "python3 is not installed.");
        using TemporaryFolder folder = new();
        string small = folder.File("small" + ending), large = folder.File("large" + ending);
        File.WriteAllBytes(small, plain);
        File.WriteAllBytes(large, bomb);

        (long usual, string expected) = Classify(small);
        (long peak, string answer) = Classify(large);

        Assert.Equal(expected, answer);
        // The file itself is in memory a few times over; the bomb's content was 480 MB.
        Assert.True(peak - usual < 60_000, $"{peak} kB at the peak, {usual} kB with a plain picture");
    }

    static (long PeakKilobytes, string Top) Classify(string picture)
    {
        const string Measure = "import resource, subprocess, sys; out = subprocess.run(sys.argv[1:], capture_output=True, text=True).stdout; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); print(out)";
        using Process python = Process.Start(new ProcessStartInfo("python3", ["-c", Measure, EdgeShelfProcess.Program, "classify", "--json", "--threads", "1", picture]) { RedirectStandardOutput = true })!;
        string[] lines = python.StandardOutput.ReadToEnd().Split('\n');
        python.WaitForExit();
        using var answer = System.Text.Json.JsonDocument.Parse(lines[1]);
        return (long.Parse(lines[0], null), answer.RootElement.GetProperty("top").GetRawText());
    }

    static byte[] Zlib(byte[] content)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize))
            zlib.Write(content);
        return packed.ToArray();
    }
}
