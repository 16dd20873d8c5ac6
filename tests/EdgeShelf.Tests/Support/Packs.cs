using System.Globalization;
using System.Security.Cryptography;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// Pictures of packs. Those of the products 0 and 1 are circles at random places, a sixth of them in the product's own colour; packs of one number
/// differ in nothing else, so the most alike picture is nearly always one of the other product, while a head that has seen two dozen of each learns the
/// colour. The products from 2 on have each a look of their own, by which likeness tells them apart.
/// </summary>
static class Packs
{
    const int Width = 120, Height = 160;

    /// <summary>Likeness is compared whatever it is: no two of these pictures are much alike.</summary>
    public const string AnyLikeness = "Planogram:MinLikeness=0";

    /// <summary>The number of packs of each of two products from which the head is clearly better.</summary>
    public const int Enough = 24;

    public static byte[] Jpeg(int product, int number)
    {
        using SKBitmap bitmap = new(Width, Height);
        using (SKCanvas canvas = new(bitmap))
            Draw(canvas, 0, 0, product, number);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 92);
        return data.ToArray();
    }

    /// <summary>The parts of a picture of <see cref="Shelf"/> above and below the packs, each as high as they are. They never change, so that the view is known.</summary>
    public const int FrameAbove = 2, FrameBelow = 2;

    /// <summary>A shelf of packs side by side, with the same surroundings each time.</summary>
    public static byte[] Shelf(params (int Product, int Number)[] packs)
    {
        using SKBitmap surroundings = SKBitmap.Decode(PicturesOf.Scene(Width * packs.Length, Height * (FrameAbove + 1 + FrameBelow)));
        using SKBitmap bitmap = surroundings.Copy();
        using (SKCanvas canvas = new(bitmap))
        {
            for (int at = 0; at < packs.Length; at++)
                Draw(canvas, at * Width, FrameAbove * Height, packs[at].Product, packs[at].Number);
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>Puts packs into a store as examples, each on a day of its own. Their descriptors are not the network's: whoever needs them makes them.</summary>
    /// <remarks>The products' packs are not in the same order, so that those of one number are not left out together.</remarks>
    public static void Teach(string state, int count, params string[] labels) =>
        Teach(state, [.. labels.SelectMany((label, product) => Enumerable.Range(0, count).Select(at => (label, product, NumberAt(product, at, count))))]);

    /// <summary>The number of the pack that stands at a position, in an order of each product.</summary>
    public static int NumberAt(int product, int position, int count) => (position + (2 * product)) % count;

    public static void Teach(string state, params (string Label, int Product, int Number)[] packs)
    {
        using ExampleStore store = Open(state);
        store.Change(StepKinds.Import, _ => new ExamplePlan("Taught.", [.. packs.Select(pack => new ExampleEdit.Add(Example(pack.Label, pack.Product, pack.Number)))]));
    }

    public static ExampleStore Open(string state)
    {
        ExampleStore store = new(state, new TeachingOptions { MaxPerProduct = 100 }, TimeProvider.System, () => null, new TaughtProducts(), NullLogger<ExampleStore>.Instance);
        store.Open();
        return store;
    }

    static NewExample Example(string label, int product, int number)
    {
        byte[] crop = Jpeg(product, number);
        DateTimeOffset day = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero).AddDays(number);
        return new NewExample(
            label, string.Create(CultureInfo.InvariantCulture, $"1-{product + 1:00}"), day, ExampleSources.Http, crop, Convert.ToHexStringLower(SHA256.HashData(crop)), "none",
            new CompactDescriptor([1], 1));
    }

    static void Draw(SKCanvas canvas, int left, int top, int product, int number)
    {
        bool isAlike = product < 2;
        SKColor own = product == 0 ? new SKColor(220, 30, 40) : new SKColor(40, 60, 220);
        Random random = new(isAlike ? (number * 7) + 1 : -product);
        canvas.Save();
        canvas.ClipRect(SKRect.Create(left, top, Width, Height));
        canvas.Clear(new SKColor((uint)random.Next() | 0xFF000000));
        using SKPaint paint = new() { IsAntialias = true };
        for (int i = 0; i < 50; i++)
        {
            bool isOwn = random.NextDouble() < 0.18 && isAlike;
            paint.Color = isOwn ? own : new SKColor((uint)random.Next() | 0xFF000000);
            int radius = random.Next(4, 24);
            canvas.DrawCircle(left + random.Next(Width), top + random.Next(Height), radius, paint);
        }
        // Packs that have a look of their own differ a little too, so that each is an example of its own.
        Random further = new(number);
        for (int i = 0; i < 15 && !isAlike; i++)
        {
            paint.Color = new SKColor((uint)further.Next() | 0xFF000000);
            canvas.DrawCircle(left + further.Next(Width), top + further.Next(Height), further.Next(4, 12), paint);
        }
        canvas.Restore();
    }
}
