using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>The real scenes of shelves with hand-made truth, for tests that measure. They are not part of the checkout.</summary>
static class Shelves
{
    const string Missing = "The data set `shelves` is not there. Set EDGESHELF_SHELVES, or put it into shared/datasets beside the checkout.";

    /// <summary>The folder of a scene. The test is skipped if the data set is absent.</summary>
    public static string Folder(string scene)
    {
        Assert.SkipWhen(Checkout.ShelfPictures is null, Missing);
        return Path.Combine(Checkout.ShelfPictures!, scene);
    }

    public static LoadedModel ShippedModel() => ModelFolder.Load(Path.Combine(Checkout.Root, "models", "grocery-81"), threads: 2);

    /// <summary>The labelled places of the bay of bags.</summary>
    public static IReadOnlyList<(Slot Slot, string Label)> Bags() =>
    [
        .. CsvTable.Read(Path.Combine(Folder("bags"), "slots.csv")).Rows.Select(row => (
            new Slot(row.Find("slot")!, int.Parse(row.Find("shelf")!, CultureInfo.InvariantCulture), new Region(Number(row, "x"), Number(row, "y"), Number(row, "width"), Number(row, "height"))),
            row.Find("label")!))
    ];

    /// <summary>The descriptor of a region, as the service makes it.</summary>
    public static float[] DescriptorOf(LoadedModel model, Picture picture, Region region)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        model.Preprocessor.CropRegion(picture, region, crop);
        using var tensor = model.Preprocessor.ToTensor(crop);
        return Descriptor.Of(model.Network.Run(tensor).DescriptorOf(0));
    }

    public static Example ExampleOf(long id, string label, string slot, float[] descriptor) => new(id, label, slot, CompactDescriptor.Of(descriptor));

    /// <summary>Draws a picture anew, moved by some pixels, darker, or saved with another quality.</summary>
    public static byte[] Redrawn(byte[] jpeg, int dx = 0, int dy = 0, float light = 1, int quality = 95)
    {
        using SKBitmap source = SKBitmap.Decode(jpeg);
        using SKBitmap target = new(source.Width, source.Height);
        using (SKCanvas canvas = new(target))
        using (SKPaint paint = new() { ColorFilter = SKColorFilter.CreateColorMatrix([light, 0, 0, 0, 0, 0, light, 0, 0, 0, 0, 0, light, 0, 0, 0, 0, 0, 1, 0]) })
        using (SKImage image = SKImage.FromBitmap(source))
        {
            canvas.Clear(SKColors.Gray);
            canvas.DrawImage(image, dx, dy, new SKSamplingOptions(SKFilterMode.Nearest), paint);
        }
        using SKData data = target.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    static double Number(CsvRow row, string column) => double.Parse(row.Find(column)!, CultureInfo.InvariantCulture);
}
