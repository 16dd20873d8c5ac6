using EdgeShelf.Models;
using EdgeShelf.Pictures;

namespace EdgeShelf.Tests.Pictures;

/// <summary>What the network sees is what torchvision on PIL would have shown it: `scripts/golden/make_golden_crops.py`.</summary>
public sealed class GoldenCropTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Pictures", "Golden");

    public static TheoryData<string> Pictures()
    {
        string[] names = [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".crop.png", StringComparison.Ordinal)).Order()];
        Assert.True(names.Length >= 20, $"only {names.Length} golden pictures in {Folder}");
        return [.. names];
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void TheCropIsTorchvisionsWithinOneLevel(string name)
    {
        bool reduced = name.StartsWith("large", StringComparison.Ordinal);
        byte[] expected = Rgb(Path.Combine(Folder, Path.GetFileNameWithoutExtension(name) + ".crop.png"));

        byte[] crop = Crop(Path.Combine(Folder, name));

        int[] differences = [.. crop.Zip(expected, (a, b) => Math.Abs(a - b))];
        TestContext.Current.TestOutputHelper?.WriteLine($"mean {differences.Average():F4}, max {differences.Max()}");
        if (reduced)
        {
            // Decoded at half its size: no longer PIL's pixels, but close. 0.72 when this was written.
            Assert.InRange(differences.Average(), 0, 1.0);
        }
        else
        {
            Assert.InRange(differences.Average(), 0, 0.1);
            Assert.InRange(differences.Max(), 0, 1);
        }
    }

    static byte[] Crop(string file)
    {
        Preprocessor preprocessor = new(new ModelInput { Type = "float32", Resize = 256, Crop = 224 });
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(file));
        byte[] crop = new byte[preprocessor.CropLength];
        preprocessor.Crop(picture, crop);
        return crop;
    }

    static byte[] Rgb(string file)
    {
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(file));
        byte[] rgb = new byte[picture.Width * picture.Height * 3];
        for (int pixel = 0; pixel < picture.Width * picture.Height; pixel++)
            picture.Pixels.Slice(pixel * Picture.BytesPerPixel, 3).CopyTo(rgb.AsSpan(pixel * 3));
        return rgb;
    }
}
