using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Slots;

/// <summary>A real film in which a hand takes bottles out of three places and puts them back, with the truth of each frame.</summary>
public sealed class BottlesFilmTests(ITestOutputHelper output)
{
    static readonly Slot[] Places =
    [
        new("left", 1, new Region(0.06, 0.28, 0.16, 0.62)), new("middle", 1, new Region(0.41, 0.28, 0.16, 0.62)), new("right", 1, new Region(0.76, 0.28, 0.16, 0.62)),
    ];

    /// <summary>What happens, and the number of the first frame that shows it without a hand. Frames are numbered by tens.</summary>
    static readonly (string Slot, Verdict From, Verdict To, int Frame)[] Truth =
    [
        ("left", Verdict.Match, Verdict.Empty, 220), ("left", Verdict.Empty, Verdict.Match, 410),
        ("left", Verdict.Match, Verdict.Empty, 540), ("middle", Verdict.Match, Verdict.Empty, 540),
    ];

    [Theory]
    [InlineData("as it is", 0, 0, 1, 0)]
    [InlineData("moved by a few pixels", 5, -3, 1, 95)]
    [InlineData("a third darker", 0, 0, 0.667f, 95)]
    [InlineData("JPEG quality 50", 0, 0, 1, 50)]
    public async Task EachChangeIsSeenWithinThreeFramesAndNothingElse(string how, int dx, int dy, float light, int quality)
    {
        string folder = Shelves.Folder("bottles");
        using LoadedModel model = Shelves.ShippedModel();
        using ActiveModel models = ActiveModel.Of(model);
        string[] files = [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal)];
        BayPlan plan = Taught(model, folder);
        PlanogramOptions options = new();
        BayReader reader = new(models, new PriorityGate(), new SlotMemory(2, options.RefreshEvery, TimeProvider.System), options.Thresholds);
        BayTimeline timeline = new(options.Patience);
        using Picture first = PictureDecoder.Decode(File.ReadAllBytes(files[0]));
        ReferenceView reference = ReferenceView.Of(first);
        List<(SlotChange Change, int Frame)> changes = [];
        List<string> unclear = [];

        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            int number = int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture);
            Frame frame = new(quality == 0 ? bytes : Shelves.Redrawn(bytes, dx, dy, light, quality), "film", Path.GetFileName(file), DateTimeOffset.UnixEpoch.AddSeconds(number), default);
            BayReading reading = await reader.ReadAsync(frame, plan, reference, null, TestContext.Current.CancellationToken);
            if (reading.Look.View != BayView.Clear)
                unclear.Add($"{number}: {reading.Look.View} {reading.Look.Flaw} {reading.Look.Problem}");
            changes.AddRange(timeline.Take(reading.Look, plan).Changes.Select(change => (change, number)));
        }

        output.WriteLine($"{how}: {string.Join("; ", changes.Select(seen => $"{seen.Change.Slot} {seen.Change.To} at {seen.Frame}"))}. {string.Join("; ", unclear)}");
        Assert.Equal(
            Truth.Select(change => (change.Slot, change.From, change.To)).Order(),
            changes.Select(seen => (seen.Change.Slot, seen.Change.From, seen.Change.To)).Order());
        foreach ((string slot, _, Verdict to, int frame) in Truth)
            Assert.Contains(changes, seen => seen.Change.Slot == slot && seen.Change.To == to && seen.Frame >= frame && seen.Frame <= frame + 30);
        Assert.Empty(unclear);
    }

    /// <summary>Teaches a bottle from each place in the first frame, and the empty left place from three frames.</summary>
    static BayPlan Taught(LoadedModel model, string folder)
    {
        List<Example> examples = [];
        void Teach(string file, string label, params Slot[] slots)
        {
            using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(folder, file)));
            foreach (Slot slot in slots)
                examples.Add(Shelves.ExampleOf(examples.Count, label, slot.Name, Shelves.DescriptorOf(model, picture, slot.Region)));
        }
        Teach("0000.jpg", "bottle", Places);
        foreach (string file in (string[])["0220.jpg", "0230.jpg", "0240.jpg"])
            Teach(file, Planogram.EmptyLabel, Places[0]);
        Planogram planogram = new("bottles", "1", null, [new Product("bottle", null, null, null)], [.. Places.Select(place => new Position(place.Name, 1, null, "bottle", 1))]);
        return new BayPlan(new SlotMap(1, Places, null), planogram, new ExampleSet(1, examples));
    }
}
