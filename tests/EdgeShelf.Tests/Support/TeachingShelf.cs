using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A teacher with a real store, and a tiny network whose descriptor is the mean colour of each quarter. A test says what stands in each
/// slot: the picture has one column for each.
/// </summary>
sealed class TeachingShelf : IDisposable
{
    public static readonly LikenessThresholds Thresholds = new(0.4, 0.05, 0.3);

    readonly TemporaryFolder _folder = new();
    readonly ActiveModel _models;
    int _looks;

    public TeachingShelf(TeachingOptions? options = null)
    {
        _models = ActiveModel.Of(TinyModel.Load(_folder.File("models")));
        Describer = new CropDescriber(_models, new PriorityGate());
        Store = new ExampleStore(_folder.Path, options ?? new TeachingOptions(), TimeProvider.System, () => Describer.Model, Taught, NullLogger<ExampleStore>.Instance);
        Store.Open();
        Teacher = new Teacher(Store, Describer, Latest, Recent, Thresholds, 0.12);
        Editor = new ProductEditor(Store, Describer, Latest, Thresholds);
    }

    public CropDescriber Describer { get; }
    public TaughtProducts Taught { get; } = new();
    public LatestLook Latest { get; } = new();
    public RecentLooks Recent { get; } = new();
    public ExampleStore Store { get; }
    public Teacher Teacher { get; }
    public ProductEditor Editor { get; }
    public string Folder => _folder.Path;
    public string File(string name) => _folder.File(name);

    /// <summary>The time of the next look.</summary>
    public DateTimeOffset Time { get; set; } = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<string> Rows() => ExamplesInFolder.RowsOf(Folder);

    /// <summary>Takes a picture of the shelf and looks at its slots, as recognition does.</summary>
    /// <param name="expected">The label expected in each slot, or null.</param>
    /// <returns>The id of the look's result.</returns>
    public async Task<string> LookAsync(SKColor[] colours, string?[]? expected = null, BayView view = BayView.Clear)
    {
        byte[] picture = Picture(colours);
        Frame frame = new(picture, "folder", null, Time, TimeSpan.Zero);
        using Picture decoded = PictureDecoder.Decode(frame);
        List<SlotLook> slots = [];
        LikenessIndex index = new(Taught.Now.Examples, Describer.BaseMean.Span);
        for (int at = 0; at < colours.Length; at++)
        {
            Region region = new((double)at / colours.Length, 0, 1.0 / colours.Length, 1);
            (_, IReadOnlyList<CompactDescriptor> descriptors) = await Describer.DescribeAsync([RegionJpeg.Of(decoded, region)], CancellationToken.None);
            float[] descriptor = descriptors[0].ToValues();
            ExpectedProduct? product = expected?[at] is { } label ? new ExpectedProduct(label, null, null) : null;
            SlotJudgement judgement = SlotJudge.Judge(index, descriptor, product?.Label, default, Thresholds);
            slots.Add(new SlotLook(new Slot($"1-{at + 1:00}", 1, region), region, product, descriptor, judgement, [], false));
        }
        BayLook look = new(frame, Time, view, PictureFlaw.None, 0, 0, null, slots, slots.Count) { Model = Describer.Model };
        Latest.Now = look;
        string result = $"shelf-07-{++_looks}";
        Recent.Keep(result, look);
        return result;
    }

    /// <summary>The verdicts of the last look with what is taught now.</summary>
    public IReadOnlyList<Verdict> Verdicts()
    {
        LikenessIndex index = new(Taught.Now.Examples, Describer.BaseMean.Span);
        return [.. Latest.Now!.Slots.Select(slot => SlotJudge.Judge(index, slot.Descriptor, slot.Expected?.Label, default, Thresholds).Verdict)];
    }

    public Task<LessonResult> TeachAsync(string? label, params string[] slots) => TeachAsync(new Lesson(ExampleSources.Http) { Label = label, Slots = slots });

    public Task<LessonResult> TeachAsync(Lesson lesson) => Teacher.TeachAsync(lesson, TestContext.Current.CancellationToken);

    /// <summary>A picture in two colours. Seeds up to 29 give pictures whose descriptors differ clearly.</summary>
    public static byte[] Swatch(int seed, int width = 120, int height = 160, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        SKColor[] colours = [new(255, 0, 0), new(0, 255, 0), new(0, 0, 255), new(255, 255, 0), new(255, 0, 255), new(0, 255, 255)];
        int top = seed % colours.Length;
        using SKBitmap bitmap = new(width, height);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(colours[top]);
            using SKPaint paint = new() { Color = colours[(top + 1 + (seed / colours.Length)) % colours.Length] };
            canvas.DrawRect(0, height / 2, width, height / 2, paint);
        }
        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    public void Dispose()
    {
        Store.Dispose();
        _models.Dispose();
        _folder.Dispose();
    }

    /// <summary>One column for each slot, with a lighter upper half so that it is not of one colour.</summary>
    public static byte[] Picture(SKColor[] colours)
    {
        const int Width = 60, Height = 80;
        using SKBitmap bitmap = new(Width * colours.Length, Height);
        using (SKCanvas canvas = new(bitmap))
        {
            using SKPaint paint = new();
            for (int at = 0; at < colours.Length; at++)
            {
                SKColor colour = colours[at];
                paint.Color = colour;
                canvas.DrawRect(at * Width, 0, Width, Height, paint);
                paint.Color = new SKColor((byte)(colour.Red / 2), (byte)(colour.Green / 2), (byte)(colour.Blue / 2));
                canvas.DrawRect(at * Width, Height / 2, Width, Height / 2, paint);
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
