using EdgeShelf.Models;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Models;

public sealed class DescriptorTests
{
    [Fact]
    public void ItIsTheSquareRootAndNegativeAveragesCountAsZero() => Assert.Equal([0, 2, 0, 0.5f], Descriptor.Of([-4, 4, 0, 0.25f]));

    [Fact]
    public void TheMeanIsTakenOfTheDescriptorsAsTheyAre() => Assert.Equal([2, 1], DescriptorMean.Of([[1, 0], [3, 2]]));

    [Fact]
    public void TheMeanReadsBackAsItWasWritten() => Assert.Equal([0.1f, 0, 3e-9f], DescriptorMean.Parse(DescriptorMean.ToBytes([0.1f, 0, 3e-9f]), "file"));

    [Fact]
    public void ItStandsInTheOrderChannelRowColumn()
    {
        using TemporaryFolder folder = new();
        using LoadedModel model = TinyModel.Load(folder.Path);
        using SKBitmap quarters = new(32, 32);
        using (SKCanvas canvas = new(quarters))
        {
            canvas.Clear(SKColors.Black);
            canvas.DrawRect(16, 0, 16, 16, new SKPaint { Color = SKColors.Red });
            canvas.DrawRect(0, 16, 16, 16, new SKPaint { Color = SKColors.Blue });
        }
        using SKData png = quarters.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(folder.File("quarters.png"), png.ToArray());
        using var tensor = model.Preprocessor.ToTensor(PictureCrop.Read(folder.File("quarters.png"), model.Preprocessor));

        float[] found = model.Network.Run(tensor).DescriptorOf(0).ToArray();

        Assert.Equal([0, 1, 0, 0, /* green */ 0, 0, 0, 0, /* blue */ 0, 0, 1, 0], found);
    }

    [Fact]
    public void InABatchEachPictureHasItsOwn()
    {
        using TemporaryFolder folder = new();
        using LoadedModel model = TinyModel.Load(folder.Path);
        byte[] crops = new byte[2 * model.Preprocessor.CropLength];
        Array.Fill(crops, (byte)255, model.Preprocessor.CropLength, model.Preprocessor.CropLength);
        using var tensor = model.Preprocessor.ToTensor(crops);

        NetworkAnswer answer = model.Network.Run(tensor);

        Assert.Equal(new float[TinyModel.Descriptors], answer.DescriptorOf(0).ToArray());
        Assert.Equal(Enumerable.Repeat(1f, TinyModel.Descriptors), answer.DescriptorOf(1).ToArray());
    }
}
