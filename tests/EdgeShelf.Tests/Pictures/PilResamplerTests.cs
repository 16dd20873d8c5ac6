using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Pictures;

/// <summary>The vectors of the resampler give the bytes of the same computation in plain numbers.</summary>
public sealed class PilResamplerTests
{
    [Theory]
    [InlineData(1280, 960, 288, 256)]
    [InlineData(1279, 959, 288, 256)]
    [InlineData(640, 480, 256, 224)]
    [InlineData(97, 61, 288, 256)]
    [InlineData(301, 2003, 65, 63)]
    [InlineData(33, 33, 33, 33)]
    [InlineData(1024, 37, 35, 34)]
    [InlineData(3, 2, 40, 33)]
    [InlineData(1, 1, 33, 32)]
    public void TheCropEqualsThatOfPlainNumbers(int width, int height, int resize, int side)
    {
        using Picture picture = Noise(width, height);
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = resize, Crop = side });
        long across = width <= height ? resize : (long)resize * width / height, down = width <= height ? (long)resize * height / width : resize;

        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.Crop(picture, crop);

        Assert.Equal(Plain(picture, new PixelBox(0, 0, width, height), (across, Centre(across, side)), (down, Centre(down, side)), side), crop);
    }

    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(0.9, 0.9, 0.1, 0.1)]
    [InlineData(0.31, 0.07, 0.013, 0.71)]
    [InlineData(0.999, 0.5, 0.001, 0.001)]
    public void TheCropOfARegionEqualsThatOfPlainNumbers(double x, double y, double width, double height)
    {
        using Picture picture = Noise(1033, 771);
        Region region = new(x, y, width, height);
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 96, Crop = 93 });

        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.CropRegion(picture, region, crop);

        Assert.Equal(Plain(picture, PixelBox.Of(region, (1033, 771)), (93, 0), (93, 0), 93), crop);
    }

    [Fact]
    public void NothingIsWrittenBehindTheCrop()
    {
        using Picture picture = Noise(200, 100);
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 40, Crop = 33 });
        byte[] crop = new byte[preprocessor.CropLength + 64];
        crop.AsSpan(preprocessor.CropLength).Fill(0xA5);

        preprocessor.Crop(picture, crop);

        Assert.All(crop[preprocessor.CropLength..], value => Assert.Equal(0xA5, value));
    }

    static Picture Noise(int width, int height)
    {
        Picture picture = new(width, height);
        new Random(width * 31 + height).NextBytes(picture.Pixels);
        // Extremes, at which rounding could leave the range.
        picture.Pixels[..Math.Min(picture.Pixels.Length, width * 4 * (height / 3))].Fill(255);
        return picture;
    }

    static long Centre(long resized, int side) => (long)Math.Round((resized - side) / 2.0, MidpointRounding.ToEven);

    static byte[] Plain(Picture picture, PixelBox box, (long Resized, long Start) across, (long Resized, long Start) down, int side)
    {
        byte[] narrowed = new byte[box.Height * side * 3];
        for (int column = 0; column < side; column++)
        {
            (int first, int[] weights) = Weights(box.Width, across.Resized, across.Start + column);
            for (int row = 0; row < box.Height; row++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    narrowed[(row * side + column) * 3 + channel] = Level(weights.Select(
                        (weight, tap) => (long)weight * picture.Pixels[((box.Top + row) * picture.Width + box.Left + first + tap) * 4 + channel]).Sum());
                }
            }
        }
        byte[] rgb = new byte[side * side * 3];
        for (int row = 0; row < side; row++)
        {
            (int first, int[] weights) = Weights(box.Height, down.Resized, down.Start + row);
            for (int at = 0; at < side * 3; at++)
                rgb[row * side * 3 + at] = Level(weights.Select((weight, tap) => (long)weight * narrowed[(first + tap) * side * 3 + at]).Sum());
        }
        return rgb;
    }

    static byte Level(long sum) => (byte)Math.Min(255, (sum + (1 << 21)) >> 22);

    static (int First, int[] Weights) Weights(int length, long resized, long pixel)
    {
        double scale = (double)length / resized, support = Math.Max(scale, 1), center = (pixel + 0.5) * scale;
        int first = Math.Max((int)(center - support + 0.5), 0), end = Math.Min((int)(center + support + 0.5), length);
        double[] real = [.. Enumerable.Range(first, end - first).Select(at => Math.Max(0, 1 - Math.Abs((at - center + 0.5) / support)))];
        return (first, [.. real.Select(weight => (int)(0.5 + weight / real.Sum() * (1 << 22)))]);
    }
}
