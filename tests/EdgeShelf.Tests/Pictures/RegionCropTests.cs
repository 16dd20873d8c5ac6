using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

/// <summary>Crops of regions: what belongs to them, and at which scale a picture is decoded for them.</summary>
public sealed class RegionCropTests
{
    const int Side = 224;

    [Theory]
    [InlineData(0.25, 0.25, 0.25, 0.25)]
    [InlineData(0.313, 0.207, 0.041, 0.093)]
    [InlineData(0.5, 0.5, 0.001, 0.001)]
    [InlineData(0, 0.9, 0.07, 0.1)]
    public void TheNeighboursOfARegionAreNotInItsCrop(double x, double y, double width, double height)
    {
        Region region = new(x, y, width, height);
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene(641, 479, format: SKEncodedImageFormat.Png));
        byte[] before = Crop(picture, region);

        PixelBox box = PixelBox.Of(region, picture.FullSize);
        for (int row = 0; row < picture.Height; row++)
        {
            for (int column = 0; column < picture.Width; column++)
            {
                if (column < box.Left || column >= box.Right || row < box.Top || row >= box.Bottom)
                    picture.Pixels.Slice((row * picture.Width + column) * Picture.BytesPerPixel, 3).Fill(row % 2 == 0 ? (byte)255 : (byte)0);
            }
        }

        Assert.Equal(before, Crop(picture, region));
    }

    [Fact]
    public void AReducedDecodeTakesNoPixelThatShowsTheNeighbourToo()
    {
        // At three eighths a box that begins at pixel 9 covers part of a decoded pixel: 9 x 3 / 8 is 3.375.
        using Picture picture = new(750, 600) { FullSize = (2000, 1600), Extent = (0, 0, 750, 600) };
        picture.Pixels.Fill(255);
        for (int row = 4; row < 300; row++)
            picture.Pixels.Slice((row * picture.Width + 4) * Picture.BytesPerPixel, 296 * Picture.BytesPerPixel).Fill(100);

        byte[] crop = Crop(picture, new Region(9 / 2000.0, 9 / 1600.0, 792 / 2000.0, 792 / 1600.0));

        Assert.All(crop, level => Assert.Equal(100, level));
    }

    [Fact]
    public void NeighboursShareTheEdgeAndNoBoxIsEmpty()
    {
        (int, int) size = (1000, 500);

        Assert.Equal(new PixelBox(100, 50, 300, 100), PixelBox.Of(new Region(0.1, 0.1, 0.2, 0.1), size));
        Assert.Equal(300, PixelBox.Of(new Region(0.3, 0.1, 0.2, 0.1), size).Left);
        // Half a pixel goes to the even neighbour.
        Assert.Equal(new PixelBox(0, 2, 2, 4), PixelBox.Of(new Region(0.0005, 0.005, 0.001, 0.002), size));
        Assert.Equal(new PixelBox(999, 499, 1000, 500), PixelBox.Of(new Region(1, 1, 0, 0), size));
        Assert.Equal(new PixelBox(0, 0, 1000, 500), PixelBox.Of(new Region(-1, -1, 3, 3), size));
    }

    [Theory]
    // Without regions, the whole picture decides: 4 / 8 keeps 576 pixels of 1200.
    [InlineData(0, 0, 800)]
    [InlineData(1, 1, 800)]
    // 0.28 x 1600 = 448 and 0.4 x 1200 = 480: half of it keeps 224.
    [InlineData(0.28, 0.4, 800)]
    [InlineData(0.28, 0.37, 1000)]
    [InlineData(0.2, 0.4, 1200)]
    [InlineData(0.17, 0.4, 1400)]
    [InlineData(0.04, 0.1, 1600)]
    public void TheDecodedScaleKeepsTheSmallestSlotsDetail(double width, double height, int decoded)
    {
        Region[] regions = width == 0 ? [] : [new Region(0, 0, 1, 1), new Region(0.1, 0.1, width, height).ClippedToPicture()];

        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene(1600, 1200), regions, Side);

        Assert.Equal(decoded, picture.Width);
        Assert.Equal((1600, 1200), picture.FullSize);
    }

    [Fact]
    public void ATurnedPicturesRegionsAreMeasuredUpright()
    {
        // Stored as 1600 x 1200, upright 1200 x 1600: the region is 0.2 x 1200 = 240 wide and 0.9 x 1600 high.
        byte[] turned = PicturesOf.WithOrientation(PicturesOf.Scene(1600, 1200), 6);

        using Picture picture = PictureDecoder.Decode(turned, [new Region(0, 0, 0.2, 0.9)], Side);
        using Picture wide = PictureDecoder.Decode(turned, [new Region(0, 0, 0.9, 0.2)], Side);

        Assert.Equal((1200, 1600), picture.FullSize);
        Assert.Equal(1200, picture.Width);
        Assert.Equal(900, wide.Width);
    }

    [Fact]
    public void AReducedDecodeChangesOnlyTheDetailOfARegion()
    {
        byte[] jpeg = PicturesOf.Scene(2400, 1600);
        Region region = new(0.3, 0.2, 0.2, 0.3);
        using Picture reduced = PictureDecoder.Decode(jpeg, [region], Side);
        using Picture full = PictureDecoder.Decode(jpeg, [region, new Region(0, 0, 0.01, 0.01)], Side);

        double[] differences = [.. Crop(reduced, region).Zip(Crop(full, region), (a, b) => (double)Math.Abs(a - b))];

        TestContext.Current.TestOutputHelper?.WriteLine($"decoded {reduced.Width}, mean {differences.Average():F3}, max {differences.Max()}");
        Assert.Equal(2400, full.Width);
        Assert.Equal(1200, reduced.Width);
        Assert.InRange(differences.Average(), 0.001, 1.0);
    }

    static byte[] Crop(Picture picture, Region region)
    {
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 256, Crop = Side });
        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.CropRegion(picture, region, crop);
        return crop;
    }
}
