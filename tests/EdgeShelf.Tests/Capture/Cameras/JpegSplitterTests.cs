using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class JpegSplitterTests
{
    static readonly byte[] First = PicturesOf.Scene(seed: 1);
    static readonly byte[] Second = PicturesOf.Scene(160, 120, seed: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public void PicturesComeOutWholeHoweverTheStreamIsCut(int pieceLength)
    {
        Assert.Equal([First, Second, First], Split([.. First, .. Second, .. First], pieceLength));
    }

    [Fact]
    public void TheEndOfAThumbnailInsideASegmentIsNotTheEndOfThePicture()
    {
        // An APP1 segment of 2 + 6 bytes that holds a whole tiny JPEG's first and last markers.
        byte[] withThumbnail = [0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x08, 0xFF, 0xD8, 0xFF, 0xD9, 0x00, 0x00, .. First[2..]];

        Assert.Equal([withThumbnail, Second], Split([.. withThumbnail, .. Second], 1000));
    }

    [Fact]
    public void BytesBeforeAndBetweenPicturesAreSkipped()
    {
        byte[] banner = "camera ready\n"u8.ToArray();

        Assert.Equal([First, Second], Split([.. banner, .. First, .. banner, .. Second], 512));
    }

    [Fact]
    public void APictureThatLostItsEndIsLeftOutAndTheNextOneComes()
    {
        Assert.Equal([Second], Split([.. First[..(First.Length / 2)], .. Second], 512));
    }

    [Fact]
    public void APictureThatWasCutAnywhereInItsHeaderDoesNotTakeTheNextOneAlong()
    {
        int scan = JpegDamage.Find(First, 0xDA) + 14;
        // What a cut length claims may be 64 KiB; so many bytes later the next picture is found.
        byte[][] following = [Second, .. Enumerable.Repeat(First, 1 + JpegSplitter.MaxRubbish / First.Length)];
        for (int cut = 1; cut < scan; cut++)
        {
            List<byte[]> pictures = Split([.. First[..cut], .. following.SelectMany(bytes => bytes)], 4096);
            // Where the cut fits the next picture's own segments, its bytes come behind the first one's.
            Assert.True(pictures[0].AsSpan().EndsWith(Second.AsSpan(2)), $"Cut after {cut} bytes: the next picture is lost.");
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    public void BytesThatLookLikeABeginningDoNotHideAPicture(int noiseLength)
    {
        Random random = new(20261127);
        List<byte> stream = [];
        for (int i = 0; i < 12; i++)
        {
            byte[] noise = new byte[noiseLength];
            random.NextBytes(noise);
            stream.AddRange([0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xF0, .. noise, .. First]);
        }

        // The last ones may wait for the bytes that the false beginning claims.
        int claimed = 65_536 / First.Length + 1;
        Assert.True(Split([.. stream], 4096).Count(picture => picture.SequenceEqual(First)) >= 12 - claimed);
    }

    [Fact]
    public void APictureThatIsNotYetWholeIsKept()
    {
        JpegSplitter splitter = new();

        Assert.Empty(splitter.Append(First.AsSpan(0, First.Length - 1)));
        Assert.Equal([First], splitter.Append(First.AsSpan(First.Length - 1)));
    }

    [Fact]
    public void WhatIsNoStreamOfJpegsIsRefused()
    {
        CaptureException problem = Assert.Throws<CaptureException>(() => Split(new byte[JpegSplitter.MaxRubbish + 10], 4096));

        Assert.Equal("not-a-picture", problem.Code);
    }

    [Fact]
    public void BeginningsWithoutEndsAreRefusedToo()
    {
        byte[] beginnings = [.. Enumerable.Repeat<byte[]>([0xFF, 0xD8, 0xFF], 50_000).SelectMany(bytes => bytes)];

        Assert.Equal("not-a-picture", Assert.Throws<CaptureException>(() => Split(beginnings, 4096)).Code);
    }

    [Fact]
    public void APictureWithoutEndIsRefusedAtTheSizeLimit()
    {
        JpegSplitter splitter = new();
        splitter.Append(First.AsSpan(0, First.Length / 2));
        byte[] megabyte = new byte[1_000_000];

        CaptureException problem = Assert.Throws<CaptureException>(() =>
        {
            for (int i = 0; i < 100; i++)
                splitter.Append(megabyte);
        });

        Assert.Equal("too-large", problem.Code);
    }

    static List<byte[]> Split(byte[] stream, int pieceLength)
    {
        JpegSplitter splitter = new();
        List<byte[]> pictures = [];
        for (int at = 0; at < stream.Length; at += pieceLength)
            pictures.AddRange(splitter.Append(stream.AsSpan(at, Math.Min(pieceLength, stream.Length - at))));
        return pictures;
    }
}
