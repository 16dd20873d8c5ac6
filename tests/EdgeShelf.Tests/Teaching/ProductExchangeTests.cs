using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Exchange;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Teaching;

public sealed class ProductExchangeTests : IDisposable
{
    readonly TeachingShelf _shelf = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public async Task AnotherDeviceTakesWhatOneExported()
    {
        string[] labels = ["milk", "../../etc/passwd", "<b>cheese</b>", "Milk", ".hidden", "🧀", new string('å', 200), Planogram.EmptyLabel, "thumbnails"];
        for (int i = 0; i < labels.Length; i++)
            await TeachAsync(labels[i], $"1-{i:00}", i);
        _shelf.Store.Change(StepKinds.Add, _ => new ExamplePlan("Named.", [new ExampleEdit.PutProduct(new Product("milk", "Milk, \"fresh\"", "0012", "4006381333931"))]));

        Assert.Equal(labels.Length, ProductExport.Write(_shelf.Store, _folder.File("out")));
        ProductImport import = ProductImport.Read(_folder.File("out"), 1000);
        using TeachingShelf other = new();
        LessonResult result = await TakeAsync(other, import);

        Assert.Empty(result.NotTaught);
        Assert.Equal(Shown(_shelf.Store), Shown(other.Store));
        Assert.Equal("Milk, \"fresh\"", other.Store.Now.Products["milk"].Name);
        // Nothing was written beside the folder.
        Assert.Equal(["out"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)));

        static string[] Shown(ExampleStore store) =>
            [.. store.Now.Examples.Select(example => $"{example.Label} {example.Slot} {example.TakenAt:O} {example.CropSha256}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task ModelTrainAndItsListsReadWhatWasExported()
    {
        foreach (int i in Enumerable.Range(0, 4))
            await TeachAsync(i < 2 ? "milk" : "juice", $"1-{i:00}", i);
        ProductExport.Write(_shelf.Store, _folder.File("out"));

        TrainingSet set = TrainingSet.Read(_folder.File("out"));
        Assert.Equal(["juice", "milk"], set.Labels.Select(label => label.Label));
        Assert.Equal(4, set.Pictures.Count);
        Assert.Empty(set.Notes);
        Assert.Equal(4, PictureList.Read(Path.Combine(_folder.File("out"), ProductFolder.Examples), null, set.Labels).Count);
    }

    [Fact]
    public async Task OfAnImportWithHalfItsPicturesBrokenTheGoodOnesAreTakenAndTheBadOnesListed()
    {
        Directory.CreateDirectory(_folder.File("milk"));
        for (int i = 0; i < 10; i++)
        {
            byte[] picture = TeachingShelf.Swatch(i, 600, 800);
            byte[] content = (i % 4) switch
            {
                0 or 2 => picture,
                1 => picture[..(picture.Length / 2)],
                _ => "no picture"u8.ToArray(),
            };
            File.WriteAllBytes(_folder.File($"milk/{i}.jpg"), content);
        }
        File.WriteAllBytes(_folder.File("lonely.jpg"), PicturesOf.Scene(seed: 99));
        File.WriteAllBytes(_folder.File("milk/black.png"), PicturesOf.Plain(SKColors.Black, format: SKEncodedImageFormat.Png));

        LessonResult result = await TakeAsync(_shelf, ProductImport.Read(_folder.Path, 1000));

        Assert.Equal(5, result.Change.Added.Count);
        Assert.All(result.Change.Added, example => Assert.Equal("milk", example.Label));
        Assert.Equal(7, result.NotTaught.Count);
        Assert.Contains(result.NotTaught, one => one.Name == "lonely.jpg");
        Assert.Contains(result.NotTaught, one => one is { Name: "milk/black.png", Code: NotTaught.Blank });
        // It is one step.
        _shelf.Store.Undo(null);
        Assert.Empty(_shelf.Store.Now.Examples);
    }

    [Fact]
    public void AListCannotReadOutsideOfItsFolder()
    {
        File.WriteAllBytes(_folder.File("secret.jpg"), PicturesOf.Scene());
        Directory.CreateDirectory(_folder.File("in"));
        File.WriteAllBytes(_folder.File("in/a.jpg"), PicturesOf.Scene());
        File.CreateSymbolicLink(_folder.File("in/link.jpg"), _folder.File("secret.jpg"));
        _folder.Write("in/examples.csv", $"path,label,slot\n../secret.jpg,milk,\n{_folder.File("secret.jpg")},milk,\nlink.jpg,milk,\na.jpg,milk,../x\na.jpg,milk,1-01\n");

        ProductImport import = ProductImport.Read(_folder.File("in"), 1000);

        Assert.Equal("1-01", Assert.Single(import.Crops).Slot);
        Assert.Equal(4, import.NotTaken.Count);
    }

    [Fact]
    public void AFolderThatIsNotEmptyIsNotWrittenTo()
    {
        _folder.Write("mine.txt", "text");
        Assert.Throws<ConfigurationException>(() => ProductExport.Write(_shelf.Store, _folder.Path));
        Assert.Throws<ConfigurationException>(() => ProductImport.Read(_folder.File("nowhere"), 1000));
    }

    async Task TeachAsync(string label, string slot, int seed)
    {
        Crop crop = new(label, slot, slot, _shelf.Time.AddHours(seed), TeachingShelf.Swatch(seed));
        await _shelf.Teacher.TeachCropsAsync(
            StepKinds.Add, [crop], [], new Lesson(ExampleSources.Verb) { Confirm = true }, [], new HashSet<string>(), isPreview: false, TestContext.Current.CancellationToken);
    }

    static Task<LessonResult> TakeAsync(TeachingShelf shelf, ProductImport import) => shelf.Teacher.TeachCropsAsync(
        StepKinds.Import, import.Crops, import.Products, new Lesson(ExampleSources.Verb) { Confirm = true }, [.. import.NotTaken], new HashSet<string>(), isPreview: false, TestContext.Current.CancellationToken);
}
