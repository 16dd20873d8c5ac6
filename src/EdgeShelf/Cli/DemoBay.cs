using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Cli;

/// <summary>The bay of shelves that the demo shows: one picture, its places, and what is taught from one facing of each product and two gaps.</summary>
sealed class DemoBay
{
    /// <summary>The gaps in the picture. The first two are taught as places without goods.</summary>
    static readonly string[] Gaps = ["2-01", "5-01", "2-02", "2-03", "4-03", "6-01"];
    const int TaughtGaps = 2;

    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "bay");

    readonly Frame _frame = PictureFiles.Read(Path.Combine(Folder, "bay.jpg"));

    /// <summary>The places, and the label of what belongs in each.</summary>
    public SlotsDocument Slots { get; } = SlotsCsv.Read(PlanFiles.Read(Path.Combine(Folder, "slots.csv")), "slots.csv");

    /// <summary>Teaches the service, and then puts the slots in force. The bay becomes the only picture of the camera's folder.</summary>
    /// <param name="pictures">The folder of the camera, which holds other pictures now.</param>
    public async Task ShowAsync(IServiceProvider service, string pictures, CancellationToken cancellationToken)
    {
        using Picture picture = PictureDecoder.Decode(_frame);
        await service.GetRequiredService<Teacher>().TeachCropsAsync(
            StepKinds.Add, [.. Taught().Select(place => new Crop(place.Label, place.Slot.Name, place.Slot.Name, _frame.CapturedAt, RegionJpeg.Of(picture, place.Slot.Region)))],
            [], new Lesson(ExampleSources.Verb) { Confirm = true }, [], new HashSet<string>(), isPreview: false, cancellationToken);
        string[] others = Directory.GetFiles(pictures);
        await File.WriteAllBytesAsync(Path.Combine(pictures, _frame.Name!), _frame.Bytes, cancellationToken);
        foreach (string other in others)
            File.Delete(other);
        service.GetRequiredService<PlanStore>().SetSlots(Slots, PlanSource.Verb, new NewReference(_frame.Bytes, picture.FullSize.Width, picture.FullSize.Height, _frame.CapturedAt));
        service.GetRequiredService<CaptureQueue>().TryRequest(Trigger.Request, out _);
    }

    IEnumerable<(Slot Slot, string Label)> Taught() => Slots.Slots.Where(slot => !Gaps.Contains(slot.Name)).Select(slot => (slot, Slots.Labels[slot.Name])).DistinctBy(place => place.Item2)
        .Concat(Gaps.Take(TaughtGaps).Select(gap => (Slots.Slots.Single(slot => slot.Name == gap), Planogram.EmptyLabel)));
}
