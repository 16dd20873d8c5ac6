using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Pictures;

public sealed class PictureQualityTests
{
    readonly Preprocessor _preprocessor = new(new ModelInput { Type = "float32" });

    public static TheoryData<string> UnusableScenes => ["black", "white", "green", "lens cap", "over-exposed", "blurred"];

    [Fact]
    public void ASceneWithEdgesIsUsable()
    {
        Assert.True(QualityOf(PicturesOf.Scene(960, 720)).IsUsable);
    }

    [Theory]
    [MemberData(nameof(UnusableScenes))]
    public void WhatShowsNothingIsNotUsable(string scene)
    {
        PictureQuality quality = QualityOf(Unusable(scene));

        Assert.False(quality.IsUsable, $"{scene}: {quality}");
    }

    [Theory]
    [MemberData(nameof(UnusableScenes))]
    public void TheShippedModelsAnswerToItIsMarkedUnusable(string scene)
    {
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));
        ShelfClassifier classifier = new(models);

        ShelfResult result = classifier.Classify(FrameOf(Unusable(scene)));

        Assert.True(result.NeedsReview);
        Assert.Equal(ReviewRule.UnusableImage, Assert.Single(result.Slots).ReviewReason);
    }

    [Fact]
    public void AFrozenFrameIsMarkedUnusableHoweverGoodItLooks()
    {
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));
        ShelfClassifier classifier = new(models);
        Frame frame = FrameOf(PicturesOf.Scene(960, 720));

        string? live = classifier.Classify(frame).Slots[0].ReviewReason;
        string? frozen = classifier.Classify(frame with { IsFrozen = true }).Slots[0].ReviewReason;

        Assert.NotEqual(ReviewRule.UnusableImage, live);
        Assert.Equal(ReviewRule.UnusableImage, frozen);
    }

    [Fact]
    public void OfRealPicturesAtMostOneInAHundredIsRefused()
    {
        Assert.SkipWhen(Checkout.GroceryPictures is null, "The grocery pictures are not laid out; set EDGESHELF_DATASET.");
        string[] pictures = [.. Directory.EnumerateFiles(Path.Combine(Checkout.GroceryPictures!, "devtest"), "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where((_, index) => index % 4 == 0)];
        Assert.NotEmpty(pictures);

        int refused = pictures.Count(path => !QualityOf(File.ReadAllBytes(path)).IsUsable);

        Assert.True(refused <= pictures.Length / 100, $"{refused} of {pictures.Length} are refused.");
    }

    static byte[] Unusable(string scene) => scene switch
    {
        "black" => PicturesOf.Plain(SKColors.Black),
        "white" => PicturesOf.Plain(SKColors.White),
        "green" => PicturesOf.Plain(new SKColor(0, 160, 60)),
        // Nothing but the sensor's noise.
        "lens cap" => Noise(0, 16),
        "over-exposed" => Noise(200, 400),
        _ => Blurred(),
    };

    static byte[] Noise(int least, int most)
    {
        using SKBitmap bitmap = new(320, 240);
        Random random = new(1);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                byte level = (byte)Math.Min(255, random.Next(least, most));
                bitmap.SetPixel(x, y, new SKColor(level, level, level));
            }
        }
        return Encoded(bitmap);
    }

    static byte[] Blurred()
    {
        using SKBitmap sharp = SKBitmap.Decode(PicturesOf.Scene(960, 720));
        using SKBitmap blurred = new(sharp.Width, sharp.Height);
        using (SKCanvas canvas = new(blurred))
        using (SKPaint paint = new() { ImageFilter = SKImageFilter.CreateBlur(16, 16, SKShaderTileMode.Clamp) })
            canvas.DrawBitmap(sharp, 0, 0, SKSamplingOptions.Default, paint);
        return Encoded(blurred);
    }

    static byte[] Encoded(SKBitmap bitmap)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    PictureQuality QualityOf(byte[] picture)
    {
        using Picture decoded = PictureDecoder.Decode(picture);
        byte[] crop = new byte[_preprocessor.CropLength];
        _preprocessor.Crop(decoded, crop);
        return PictureQuality.Of(crop, 224);
    }

    static Frame FrameOf(byte[] picture) => new(picture, "v4l2", null, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
}
