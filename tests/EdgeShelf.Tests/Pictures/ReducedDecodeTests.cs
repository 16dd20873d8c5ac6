using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

/// <summary>What a large JPEG, decoded at a reduced scale, shows the network: the same as a full decode, but for detail.</summary>
public sealed class ReducedDecodeTests
{
    [Theory]
    [InlineData(1025, 1500)]
    [InlineData(1031, 1033)]
    [InlineData(1920, 1080)]
    [InlineData(2049, 1999)]
    public void TheCropIsNeitherStretchedNorMoved(int width, int height)
    {
        byte[] jpeg = PicturesOf.Scene(width, height);
        using SKBitmap full = SKBitmap.Decode(jpeg);
        using SKData png = full.Encode(SKEncodedImageFormat.Png, 100);

        double[] differences = Differences(Crop(jpeg), Crop(png.ToArray()));

        TestContext.Current.TestOutputHelper?.WriteLine($"mean {differences.Average():F3}, max {differences.Max()}");
        Assert.InRange(differences.Average(), 0.001, 0.5);
    }

    public static TheoryData<int> Orientations => [2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void TheCropOfATurnedPictureIsTheTurnedCrop(int orientation)
    {
        const int Side = 224;
        // The crop's margins are the same on all four sides, so turning does not move it.
        byte[] jpeg = PicturesOf.Scene(1031, 1033);
        byte[] stored = Crop(jpeg);
        byte[] expected = new byte[stored.Length];
        for (int row = 0; row < Side; row++)
        {
            for (int column = 0; column < Side; column++)
            {
                (int fromRow, int fromColumn) = Source(orientation, row, column, Side - 1);
                stored.AsSpan((fromRow * Side + fromColumn) * 3, 3).CopyTo(expected.AsSpan((row * Side + column) * 3));
            }
        }

        double[] differences = Differences(Crop(PicturesOf.WithOrientation(jpeg, orientation)), expected);

        // The two passes of the resize round in another order.
        Assert.InRange(differences.Max(), 0, 1);
    }

    static (int Row, int Column) Source(int orientation, int row, int column, int last) => orientation switch
    {
        2 => (row, last - column),
        3 => (last - row, last - column),
        4 => (last - row, column),
        5 => (column, row),
        6 => (last - column, row),
        7 => (last - column, last - row),
        _ => (column, last - row),
    };

    static double[] Differences(byte[] a, byte[] b) => [.. a.Zip(b, (x, y) => (double)Math.Abs(x - y))];

    static byte[] Crop(byte[] encoded)
    {
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 256, Crop = 224 });
        using Picture picture = PictureDecoder.Decode(encoded);
        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.Crop(picture, crop);
        return crop;
    }
}
