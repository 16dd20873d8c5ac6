using EdgeShelf.Capture.Triggers;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Cli;

/// <summary>A shelf that the demo shows: its pictures, its places, and what is taught before. The network decides everything else.</summary>
sealed class DemoScene
{
    readonly string[] _pictures;
    readonly (string Picture, string Slot, string Label)[] _lessons;

    /// <summary>The page shows it as the name of the bay.</summary>
    const string PlanogramName = "demo-bay";

    DemoScene(string[] pictures, SlotsDocument slots, IEnumerable<(string Picture, string Slot, string Label)> lessons) => (_pictures, Slots, _lessons) = (pictures, slots, [.. lessons]);

    /// <summary>The places, and the label of what belongs in each.</summary>
    public SlotsDocument Slots { get; }

    /// <summary>A bay of 58 places in one picture. One facing of each product and two of the gaps are taught.</summary>
    public static DemoScene Bay()
    {
        string[] gaps = ["2-01", "5-01", "2-02", "2-03", "4-03", "6-01"];
        const int TaughtGaps = 2;
        string folder = FolderOf("bay"), picture = Path.Combine(folder, "bay.jpg");
        SlotsDocument slots = SlotsIn(folder);
        IEnumerable<(string, string, string Label)> facings = slots.Slots.Where(slot => !gaps.Contains(slot.Name)).Select(slot => (picture, slot.Name, slots.Labels[slot.Name])).DistinctBy(lesson => lesson.Item3);
        return new DemoScene([picture], slots, facings.Concat(gaps.Take(TaughtGaps).Select(gap => (picture, gap, Planogram.EmptyLabel))));
    }

    /// <summary>Three bottles, one of which a hand takes and puts back. The bottle of each place and one empty place are taught.</summary>
    public static DemoScene Film()
    {
        string folder = FolderOf("film");
        string[] frames = [.. PictureFiles.Expand([Path.Combine(folder, "frames")])];
        SlotsDocument slots = SlotsIn(folder);
        string nobodyTouchedIt = frames[0], theLeftIsGone = frames.Single(frame => Path.GetFileNameWithoutExtension(frame) == "0240");
        return new DemoScene(frames, slots, [.. slots.Slots.Select(slot => (nobodyTouchedIt, slot.Name, slots.Labels[slot.Name])), (theLeftIsGone, slots.Slots[0].Name, Planogram.EmptyLabel)]);
    }

    /// <summary>Teaches the service, makes the pictures those of its camera, and puts the places in force.</summary>
    /// <param name="cameraFolder">The folder of the camera, which holds other pictures now.</param>
    public async Task ShowAsync(IServiceProvider service, string cameraFolder, CancellationToken cancellationToken)
    {
        await service.GetRequiredService<Teacher>().TeachCropsAsync(
            StepKinds.Add, [.. Crops()], [], new Lesson(ExampleSources.Verb) { Confirm = true }, [], new HashSet<string>(), isPreview: false, cancellationToken);
        string[] others = Directory.GetFiles(cameraFolder);
        foreach (string picture in _pictures)
            File.Copy(picture, Path.Combine(cameraFolder, Path.GetFileName(picture)), overwrite: true);
        foreach (string other in others)
            File.Delete(other);

        Frame first = PictureFiles.Read(_pictures[0]);
        using Picture decoded = PictureDecoder.Decode(first);
        PlanStore plan = service.GetRequiredService<PlanStore>();
        plan.SetSlots(Slots, PlanSource.Verb, new NewReference(first.Bytes, decoded.FullSize.Width, decoded.FullSize.Height, first.CapturedAt));
        plan.SetPlanogram(new PlanogramDocument(Slots.PlanogramOfLabels()! with { Name = PlanogramName }), PlanSource.Verb);
        // A request may not make the interval shorter than a second; a shorter one that was asked for stays.
        CaptureInterval interval = service.GetRequiredService<CaptureInterval>();
        if (interval.Current > CaptureInterval.Shortest)
            interval.TryChange(CaptureInterval.Shortest);
        service.GetRequiredService<CaptureQueue>().TryRequest(Trigger.Request, out _);
    }

    IEnumerable<Crop> Crops()
    {
        foreach (IGrouping<string, (string Picture, string Slot, string Label)> lessons in _lessons.GroupBy(lesson => lesson.Picture))
        {
            Frame frame = PictureFiles.Read(lessons.Key);
            using Picture picture = PictureDecoder.Decode(frame);
            foreach ((_, string slot, string label) in lessons)
                yield return new Crop(label, slot, slot, frame.CapturedAt, RegionJpeg.Of(picture, Slots.Slots.Single(place => place.Name == slot).Region));
        }
    }

    static string FolderOf(string name) => Path.Combine(AppContext.BaseDirectory, name);

    static SlotsDocument SlotsIn(string folder) => SlotsCsv.Read(PlanFiles.Read(Path.Combine(folder, "slots.csv")), "slots.csv");
}
