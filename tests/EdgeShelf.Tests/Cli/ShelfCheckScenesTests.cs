using System.Globalization;
using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

/// <summary>`edgeshelf shelf check` on the real scenes with hand-made truth, with nothing but verbs: the examples are made by `classify --save-input`.</summary>
public sealed class ShelfCheckScenesTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>What happens in the film, and the number of the first frame that shows it without a hand.</summary>
    static readonly (string Slot, string From, string To, int Frame)[] Truth =
    [
        ("left", "match", "empty", 220), ("left", "empty", "match", 410), ("left", "match", "empty", 540), ("middle", "match", "empty", 540),
    ];

    /// <summary>Two gaps on different shelf boards, as an installer would teach them.</summary>
    static readonly string[] TaughtGaps = ["2-01", "5-01"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("as it is", 0, 0, 1, 0)]
    [InlineData("moved by a few pixels", 5, -3, 1, 95)]
    [InlineData("a third darker", 0, 0, 0.667f, 95)]
    [InlineData("JPEG quality 50", 0, 0, 1, 50)]
    public async Task AFilmGivesExactlyItsChangesEachWithinThreeFrames(string how, int dx, int dy, float light, int quality)
    {
        string scene = Shelves.Folder("bottles"), slots = Path.Combine(scene, "slots.json");
        await TeachAsync("bottle", slots, Path.Combine(scene, "0000.jpg"), ["left", "middle", "right"]);
        foreach (string frame in (string[])["0220.jpg", "0230.jpg", "0240.jpg"])
            await TeachAsync(Planogram.EmptyLabel, slots, Path.Combine(scene, frame), ["left"]);
        string film = quality == 0 ? scene : Redrawn(scene, bytes => Shelves.Redrawn(bytes, dx, dy, light, quality));

        JsonElement[] lines = await CheckAsync("--sequence", "--slots", slots, "--planogram", _folder.Write("plan.csv", "slot,label\nleft,bottle\nmiddle,bottle\nright,bottle\n"), "--examples", Examples, film);

        (string Slot, string From, string To, int Frame)[] changes =
        [
            .. lines.SelectMany(line => line.GetProperty("changes").EnumerateArray().Select(change => (
                change.GetProperty("slot").GetString()!, change.GetProperty("from").GetString()!, change.GetProperty("to").GetString()!,
                int.Parse(Path.GetFileNameWithoutExtension(line.GetProperty("file").GetString()!), CultureInfo.InvariantCulture))))
        ];
        output.WriteLine($"{how}: {string.Join("; ", changes.Select(change => $"{change.Slot} {change.To} at {change.Frame}"))}");
        Assert.Equal(Truth.Select(change => (change.Slot, change.From, change.To)).Order(), changes.Select(change => (change.Slot, change.From, change.To)).Order());
        Assert.All(Truth, truth => Assert.Contains(changes, change => (change.Slot, change.To) == (truth.Slot, truth.To) && change.Frame >= truth.Frame && change.Frame <= truth.Frame + 30));
        Assert.All(lines, line => Assert.Equal("clear", line.GetProperty("view").GetString()));
    }

    [Theory]
    [InlineData(1, 0.88)]
    [InlineData(2, 0.95)]
    public async Task OtherFacingsMatchTheirOwnProductAndHardlyAnyOther(int facings, double bar)
    {
        (Slot Slot, string Label)[] places = [.. Shelves.Bags()];
        string[] products = [.. places.Select(place => place.Label).Where(label => label != Planogram.EmptyLabel).Distinct()];
        HashSet<string> taught = await TeachBagsAsync(places, facings);
        HashSet<string> gaps = [.. places.Where(place => place.Label == Planogram.EmptyLabel).Select(place => place.Slot.Name)];

        (double match, double empty) = (0, 0);
        List<double> wrong = [];
        // Each run takes seconds, so a wrong product is expected a few times and not as often as there are products.
        for (int off = 0; off < products.Length; off += 5)
        {
            // In each gap something is expected; otherwise it would not be judged.
            string plan = "slot,label\n" + string.Concat(places.Select(place => $"{place.Slot.Name},{products[(Math.Max(0, Array.IndexOf(products, place.Label)) + off) % products.Length]}\n"));
            JsonElement line = Assert.Single(await CheckAsync("--slots", BagsFile("slots.csv"), "--planogram", _folder.Write("plan.csv", plan), "--examples", Examples, BagsFile("shelf.jpg")));
            double share = Share(line, "match", slot => !taught.Contains(slot) && !gaps.Contains(slot));
            if (off == 0)
                (match, empty) = (share, Share(line, "empty", gaps.Contains));
            else
                wrong.Add(share);
        }

        output.WriteLine($"{facings} facing(s) taught: {match:P1} match; with a wrong product expected {wrong.Average():P2} match; {empty:P0} of {gaps.Count} gaps are empty");
        Assert.True(match >= bar, $"{match:P1} of the other facings match; {bar:P0} are needed.");
        Assert.True(wrong.Average() <= 0.02, $"{wrong.Average():P1} match with a wrong product expected; 2 % are allowed.");
        Assert.Equal(1, empty);
    }

    [Theory]
    [InlineData(0.1, 0.0)]
    [InlineData(-0.1, 0.0)]
    [InlineData(0.0, 0.1)]
    [InlineData(0.0, -0.1)]
    public async Task PlacesThatWereDrawnATenthOffStillMatch(double dx, double dy)
    {
        (Slot Slot, string Label)[] places = [.. Shelves.Bags()];
        HashSet<string> taught = await TeachBagsAsync(places, 1);
        string moved = "slot,x,y,width,height,label\n" + string.Concat(places.Select(place => (place.Slot.Name, Region: place.Slot.Region.Shifted(dx * place.Slot.Region.Width, dy * place.Slot.Region.Height).ClippedToPicture(), place.Label))
            .Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Name},{place.Region.X},{place.Region.Y},{place.Region.Width},{place.Region.Height},{place.Label}\n")));

        JsonElement line = Assert.Single(await CheckAsync("--slots", _folder.Write("moved.csv", moved), "--examples", Examples, BagsFile("shelf.jpg")));

        HashSet<string> others = [.. places.Where(place => place.Label != Planogram.EmptyLabel && !taught.Contains(place.Slot.Name)).Select(place => place.Slot.Name)];
        double match = Share(line, "match", others.Contains);
        output.WriteLine($"drawn off by {dx:P0} and {dy:P0} of the place: {match:P1} match");
        Assert.True(match >= 0.8, $"{match:P1} match; 80 % are needed.");
    }

    [Fact]
    public async Task AMovedCameraGivesNoVerdicts()
    {
        (Slot Slot, string Label)[] places = [.. Shelves.Bags()];
        await TeachBagsAsync(places, 1);

        JsonElement line = Assert.Single(await CheckAsync("--slots", BagsFile("slots.csv"), "--examples", Examples, "--reference", BagsFile("shelf.jpg"), BagsFile("view-1.jpg")));

        output.WriteLine(line.GetProperty("aligned").GetRawText());
        Assert.Equal(("camera-moved", false), (line.GetProperty("view").GetString(), line.GetProperty("aligned").GetProperty("ok").GetBoolean()));
        Assert.Equal(1, Share(line, "unchecked", _ => true));
        Assert.All(line.GetProperty("slots").EnumerateArray(), slot => Assert.Null(slot.GetProperty("label").GetString()));
        Assert.Equal(places.Length, line.GetProperty("slots").GetArrayLength());
    }

    string Examples => _folder.File("examples");

    static string BagsFile(string name) => Path.Combine(Shelves.Folder("bags"), name);

    static double Share(JsonElement line, string verdict, Func<string, bool> isWanted)
    {
        string[] verdicts = [.. line.GetProperty("slots").EnumerateArray().Where(slot => isWanted(slot.GetProperty("slot").GetString()!)).Select(slot => slot.GetProperty("verdict").GetString()!)];
        Assert.NotEmpty(verdicts);
        return verdicts.Count(seen => seen == verdict) / (double)verdicts.Length;
    }

    /// <summary>Teaches the first facings of each product, and two gaps.</summary>
    /// <returns>The slots whose crops are examples.</returns>
    async Task<HashSet<string>> TeachBagsAsync((Slot Slot, string Label)[] places, int facings)
    {
        (string Name, string Label)[] taught =
        [
            .. places.GroupBy(place => place.Label).SelectMany(group => group.Key == Planogram.EmptyLabel ? group.Where(place => TaughtGaps.Contains(place.Slot.Name)) : group.Take(facings))
                .Select(place => (place.Slot.Name, place.Label))
        ];
        await SaveAsync(BagsFile("slots.csv"), BagsFile("shelf.jpg"));
        foreach ((string name, string label) in taught)
            Move(name, label, name);
        return [.. taught.Select(place => place.Name)];
    }

    async Task TeachAsync(string label, string slots, string picture, string[] names)
    {
        await SaveAsync(slots, picture);
        foreach (string name in names)
            Move(name, label, $"{Path.GetFileNameWithoutExtension(picture)}-{name}");
    }

    async Task SaveAsync(string slots, string picture) => await FineAsync("classify", "--slots", slots, "--save-input", _folder.File("crop.png"), picture);

    void Move(string slot, string label, string name)
    {
        Directory.CreateDirectory(Path.Combine(Examples, label));
        File.Move(_folder.File($"crop-{slot}.png"), Path.Combine(Examples, label, $"{name}.png"));
    }

    string Redrawn(string scene, Func<byte[], byte[]> draw)
    {
        string film = Directory.CreateDirectory(_folder.File("film")).FullName;
        foreach (string frame in Directory.GetFiles(scene, "*.jpg"))
            File.WriteAllBytes(Path.Combine(film, Path.GetFileName(frame)), draw(File.ReadAllBytes(frame)));
        return film;
    }

    async Task<JsonElement[]> CheckAsync(params string[] arguments) =>
        [.. (await FineAsync(["shelf", "check", "--json", .. arguments])).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    async Task<string> FineAsync(params string[] arguments)
    {
        (int exitCode, string lines, string errors) = await InProcess.RunAsync([.. arguments, "--set", $"Shelf:State={_folder.File("state")}"]);
        Assert.True(exitCode == ExitCodes.Fine, errors);
        return lines;
    }
}
