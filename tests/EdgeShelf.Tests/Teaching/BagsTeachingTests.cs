using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Teaching;

/// <summary>Teaching on a real bay, with the network as it is shipped.</summary>
public sealed class BagsTeachingTests : IDisposable
{
    static readonly LikenessThresholds Thresholds = new PlanogramOptions().Thresholds;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OneFacingOfANewProductTakesEffectAndNothingElseChanges()
    {
        Assert.SkipWhen(Checkout.ShelfPictures is null, "The data set `shelves` is not there. Set EDGESHELF_SHELVES, or put it into shared/datasets beside the checkout.");
        string bags = Path.Combine(Checkout.ShelfPictures!, "bags");
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(Path.Combine(Checkout.Root, "models", "grocery-81"), threads: 1));
        CropDescriber describer = new(models, new PriorityGate());
        TaughtProducts taught = new();
        LatestLook latest = new();
        using ExampleStore store = new(_folder.Path, new TeachingOptions(), TimeProvider.System, () => describer.Model, taught, NullLogger<ExampleStore>.Instance);
        store.Open();
        Teacher teacher = new(store, describer, latest, new RecentLooks(), Thresholds, 0.12);
        BayLook look = latest.Now = Look(bags, models, describer);
        (string New, string Slot) product = ("tall-kitchen-bags", look.Slots.First(slot => slot.Expected?.Label == "tall-kitchen-bags").Slot.Name);
        // One facing of each product, and two gaps.
        string[] known = [.. look.Slots.Where(slot => slot.Expected is { } expected && expected.Label != product.New).GroupBy(slot => slot.Expected!.Label).Select(group => group.First().Slot.Name)];
        string[] gaps = [.. look.Slots.Where(slot => slot.Expected is null).Take(2).Select(slot => slot.Slot.Name)];
        await teacher.TeachAsync(new Lesson(ExampleSources.Page) { Slots = known }, TestContext.Current.CancellationToken);
        await teacher.TeachAsync(new Lesson(ExampleSources.Page) { Slots = gaps, Label = Planogram.EmptyLabel, Confirm = true }, TestContext.Current.CancellationToken);
        IReadOnlyList<string> rows = ExamplesInFolder.RowsOf(_folder.Path);
        Dictionary<string, SlotJudgement> before = Judge();

        LessonResult result = await teacher.TeachAsync(new Lesson(ExampleSources.Page) { Slots = [product.Slot], Label = product.New }, TestContext.Current.CancellationToken);

        Dictionary<string, SlotJudgement> after = Judge();
        string[] others = [.. look.Slots.Where(slot => slot.Expected?.Label != product.New).Select(slot => slot.Slot.Name)];
        string[] changed = [.. others.Where(slot => before[slot].Verdict != after[slot].Verdict)];
        int own = look.Slots.Count(slot => slot.Expected?.Label == product.New), found = look.Slots.Count(slot => slot.Expected?.Label == product.New && after[slot.Slot.Name].Verdict == Verdict.Match);
        TestContext.Current.SendDiagnosticMessage("{0} of {1} facings of the new product match; changed elsewhere: {2}", found, own, string.Join(" ", changed));
        Assert.Equal(Verdict.Match, after[product.Slot].Verdict);
        Assert.Empty(changed);
        Assert.All(result.Effect.Slots, slot => Assert.Equal(product.New, look.Slots.Single(seen => seen.Slot.Name == slot.Slot).Expected?.Label));

        store.Undo(result.Change.Step!.Seq);
        Assert.Equal(rows, ExamplesInFolder.RowsOf(_folder.Path));
        Assert.Equal(before.Values.Select(judgement => judgement.Verdict), Judge().Values.Select(judgement => judgement.Verdict));

        // What the figures say of a shelf that is taught whole.
        await teacher.TeachAsync(new Lesson(ExampleSources.Page) { Slots = [.. look.Slots.Where(slot => slot.Expected is not null).Select(slot => slot.Slot.Name)], Confirm = true }, TestContext.Current.CancellationToken);
        TeachingFigures figures = teacher.Figures();
        TestContext.Current.SendDiagnosticMessage(
            "leave one out: {0} of {1} right; suspects {2}; same {3}", figures.Right, figures.Judged, string.Join(" ", figures.Products.SelectMany(entry => entry.Suspects)),
            string.Join(" ", figures.Products.SelectMany(entry => entry.SameAs.Select(same => $"{entry.Label}={same.Label}"))));
        Assert.InRange((double)figures.Right / figures.Judged, 0.8, 1);

        Dictionary<string, SlotJudgement> Judge()
        {
            LikenessIndex index = new(taught.Now.Examples, describer.BaseMean.Span);
            return look.Slots.ToDictionary(slot => slot.Slot.Name, slot => SlotJudge.Judge(index, slot.Descriptor, slot.Expected?.Label, default, Thresholds));
        }
    }

    static BayLook Look(string bags, ActiveModel models, CropDescriber describer)
    {
        Frame frame = new(File.ReadAllBytes(Path.Combine(bags, "shelf.jpg")), "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        (Slot Slot, string Label)[] slots = [.. CsvTable.Read(Path.Combine(bags, "slots.csv"), "slot").Rows.Select(row => (
            new Slot(row.Find("slot")!, null, new Region(Number(row, "x"), Number(row, "y"), Number(row, "width"), Number(row, "height"))), row.Find("label")!))];
        using Picture picture = PictureDecoder.Decode(frame, [.. slots.Select(slot => slot.Slot.Region)], 224);
        using ModelLease lease = models.Rent();
        List<SlotLook> looks = [];
        foreach ((Slot slot, string label) in slots)
        {
            byte[] rgb = new byte[lease.Model.Preprocessor.CropLength];
            lease.Model.Preprocessor.CropRegion(picture, slot.Region, rgb);
            using var tensor = lease.Model.Preprocessor.ToTensor(rgb);
            float[] descriptor = Descriptor.Of(lease.Model.Network.Run(tensor).DescriptorOf(0));
            looks.Add(new SlotLook(slot, slot.Region, label == Planogram.EmptyLabel ? null : new ExpectedProduct(label, null, null), descriptor, null, [], false));
        }
        return new BayLook(frame, DateTimeOffset.UnixEpoch, BayView.Clear, PictureFlaw.None, 0, 0, null, looks, looks.Count) { Model = describer.Model };
    }

    static double Number(CsvRow row, string column) => double.Parse(row.Find(column)!, CultureInfo.InvariantCulture);
}
