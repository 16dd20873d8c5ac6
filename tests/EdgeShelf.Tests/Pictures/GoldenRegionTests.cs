using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Pictures;

/// <summary>The crop of a region equals PIL's `crop` and `resize`: `scripts/golden/make_golden_regions.py`.</summary>
public sealed class GoldenRegionTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Pictures");

    public static TheoryData<string> Lines()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Folder, "GoldenRegions", "regions.csv")).Skip(1)];
        Assert.True(lines.Length >= 10, $"only {lines.Length} regions");
        return [.. lines];
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void TheCropOfARegionIsPilsWithinOneLevel(string line)
    {
        string[] fields = line.Split(',');
        double[] region = [.. fields[2..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 256, Crop = 224 });
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(Folder, fields[1])));
        using Picture expected = PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(Folder, "GoldenRegions", fields[0] + ".png")));
        byte[] crop = new byte[preprocessor.CropLength];

        preprocessor.CropRegion(picture, new Region(region[0], region[1], region[2], region[3]), crop);

        Assert.Equal(picture.FullSize, (picture.Width, picture.Height));
        int[] differences = [.. crop.Select((level, at) => Math.Abs(level - expected.Pixels[at / 3 * Picture.BytesPerPixel + at % 3]))];
        TestContext.Current.TestOutputHelper?.WriteLine($"mean {differences.Average():F4}, max {differences.Max()}");
        Assert.InRange(differences.Average(), 0, 0.1);
        Assert.InRange(differences.Max(), 0, 1);
    }
}
