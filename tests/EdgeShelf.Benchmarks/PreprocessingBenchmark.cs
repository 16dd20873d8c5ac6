using EdgeShelf.Models;
using EdgeShelf.Pictures;
using SkiaSharp;

namespace EdgeShelf.Benchmarks;

/// <summary>Decode and resize of a 1080p JPEG against Skia's own full decode and resize, and against the inference it feeds.</summary>
static class PreprocessingBenchmark
{
    public static void Run()
    {
        byte[] jpeg = Photograph(1920, 1080);
        Preprocessor preprocessor = new(new ModelInput { Type = "float32" });
        byte[] crop = new byte[preprocessor.CropLength];
        void Ours()
        {
            using Picture picture = PictureDecoder.Decode(jpeg);
            preprocessor.Crop(picture, crop);
        }
        Comparison.Print("1080p JPEG to crop; other: SKBitmap.Decode and Skia's mipmaps", Ours, () => SkiaAlone(jpeg));
        using LoadedModel model = ModelFolder.Load(new ModelStore(new ModelsOptions()).Find(new ModelsOptions().Name), threads: 1);
        byte[] input = new byte[model.Preprocessor.CropLength];
        Comparison.Print("1080p JPEG to crop; other: the INT8 inference, 1 thread", Ours, () =>
        {
            using var tensor = model.Preprocessor.ToTensor(input);
            model.Network.Run(tensor);
        });
    }

    static void SkiaAlone(byte[] jpeg)
    {
        using SKBitmap full = SKBitmap.Decode(jpeg);
        using SKBitmap small = full.Resize(new SKImageInfo(455, 256), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    /// <summary>One of the demo's photographs, enlarged: real texture costs a JPEG decoder more than a drawing.</summary>
    static byte[] Photograph(int width, int height)
    {
        using SKBitmap photo = SKBitmap.Decode(Path.Combine(AppContext.BaseDirectory, "samples", "tomatoes.jpg"));
        using SKBitmap large = photo.Resize(new SKImageInfo(width, height), new SKSamplingOptions(SKCubicResampler.Mitchell));
        using SKData data = large.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }
}
