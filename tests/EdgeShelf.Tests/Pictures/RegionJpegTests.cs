using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

public sealed class RegionJpegTests
{
    [Theory]
    [InlineData(0.25, 0.5, 0.25, 0.5, 160, 240)]
    [InlineData(0, 0, 1, 1, 448, 336)]
    [InlineData(0, 0, 1, 0.1, 448, 34)]
    [InlineData(0.999, 0.999, 0.0001, 0.0001, 1, 1)]
    public void ARegionKeepsItsShapeAndIsAtMost448PixelsLong(double x, double y, double width, double height, int expectedWidth, int expectedHeight)
    {
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene());

        using SKBitmap crop = SKBitmap.Decode(RegionJpeg.Of(picture, new Region(x, y, width, height)));

        Assert.Equal((expectedWidth, expectedHeight), (crop.Width, crop.Height));
    }

    [Fact]
    public void ACropShowsThePixelsOfItsRegion()
    {
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene());
        using SKBitmap crop = SKBitmap.Decode(RegionJpeg.Of(picture, new Region(0.25, 0.25, 0.25, 0.25)));

        long difference = 0;
        for (int y = 0; y < crop.Height; y++)
        {
            for (int x = 0; x < crop.Width; x++)
            {
                SKColor found = crop.GetPixel(x, y);
                ReadOnlySpan<byte> wanted = picture.Pixels.Slice((((y + 120) * 640) + x + 160) * Picture.BytesPerPixel, 3);
                difference += Math.Abs(found.Red - wanted[0]) + Math.Abs(found.Green - wanted[1]) + Math.Abs(found.Blue - wanted[2]);
            }
        }
        Assert.InRange((double)difference / (crop.Width * crop.Height * 3), 0, 3);
    }
}
