using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Slots;

/// <summary>A real bay of a hundred facings, 58 of them labelled: 18 products and six gaps. The bars hold for the shipped network and the default thresholds.</summary>
public sealed class BagsTests(ITestOutputHelper output) : IDisposable
{
    readonly IReadOnlyList<(Slot Slot, string Label)> _places = Shelves.Bags();
    readonly LoadedModel _model = Shelves.ShippedModel();
    readonly LikenessThresholds _thresholds = new PlanogramOptions().Thresholds;

    /// <summary>Two gaps on different shelf boards, as an installer would teach them.</summary>
    static readonly string[] TaughtGaps = ["2-01", "5-01"];

    [Theory]
    [InlineData(1, 0.88)]
    [InlineData(2, 0.95)]
    public void OtherFacingsMatchTheirOwnProductAndHardlyAnyOther(int facings, double bar)
    {
        using Picture picture = Decode();
        float[][] seen = [.. _places.Select(place => Shelves.DescriptorOf(_model, picture, place.Slot.Region))];
        HashSet<int> taught = Taught(facings);
        LikenessIndex index = Index(seen, taught);
        string[] products = [.. _places.Select(place => place.Label).Where(label => label != Planogram.EmptyLabel).Distinct()];
        int[] others = [.. Enumerable.Range(0, seen.Length).Where(place => !taught.Contains(place) && _places[place].Label != Planogram.EmptyLabel)];

        double match = Share(others, place => Judge(index, seen[place], _places[place].Label) == Verdict.Match);
        double wrong = others.SelectMany(place => products.Where(product => product != _places[place].Label).Select(product => Judge(index, seen[place], product) == Verdict.Match)).Average(passes => passes ? 1.0 : 0);
        int[] gaps = [.. Enumerable.Range(0, seen.Length).Where(place => _places[place].Label == Planogram.EmptyLabel)];
        double empty = Share(gaps, place => Judge(index, seen[place], products[0]) == Verdict.Empty);

        output.WriteLine($"{facings} facing(s) taught, {others.Length} others: {match:P1} match; with a wrong product expected {wrong:P2} match; {empty:P0} of {gaps.Length} gaps are empty");
        Assert.NotEmpty(others);
        Assert.True(match >= bar, $"{match:P1} of the other facings match; {bar:P0} are needed.");
        Assert.True(wrong <= 0.02, $"{wrong:P1} match with a wrong product expected; 2 % are allowed.");
        Assert.Equal(1, empty);
    }

    [Fact]
    public void PlacesThatWereDrawnATenthOffStillMatch()
    {
        using Picture picture = Decode();
        float[][] seen = [.. _places.Select(place => Shelves.DescriptorOf(_model, picture, place.Slot.Region))];
        HashSet<int> taught = Taught(1);
        LikenessIndex index = Index(seen, taught);
        int[] others = [.. Enumerable.Range(0, seen.Length).Where(place => !taught.Contains(place) && _places[place].Label != Planogram.EmptyLabel)];
        foreach ((double dx, double dy) in ((double, double)[])[(0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1), (0.1, 0.1), (-0.1, -0.1)])
        {
            double match = Share(others, place =>
            {
                Region region = _places[place].Slot.Region;
                return Judge(index, Shelves.DescriptorOf(_model, picture, region.Shifted(dx * region.Width, dy * region.Height).ClippedToPicture()), _places[place].Label) == Verdict.Match;
            });
            output.WriteLine($"drawn off by {dx:P0} and {dy:P0} of the place: {match:P1} match");
            Assert.True(match >= 0.8, $"Drawn off by {dx:P0} and {dy:P0}, {match:P1} match; 80 % are needed.");
        }
    }

    public void Dispose() => _model.Dispose();

    Picture Decode() => PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(Shelves.Folder("bags"), "shelf.jpg")), [.. _places.Select(place => place.Slot.Region)], _model.Manifest.Input.Crop);

    HashSet<int> Taught(int facings) =>
    [
        .. Enumerable.Range(0, _places.Count).GroupBy(place => _places[place].Label)
            .SelectMany(group => group.Key == Planogram.EmptyLabel ? group.Where(place => TaughtGaps.Contains(_places[place].Slot.Name)) : group.Take(facings))
    ];

    LikenessIndex Index(float[][] seen, HashSet<int> taught) => new(
        [.. taught.Select(place => Shelves.ExampleOf(place, _places[place].Label, _places[place].Slot.Name, seen[place]))], _model.DescriptorMean.Span);

    Verdict Judge(LikenessIndex index, float[] descriptor, string expected) => SlotJudge.Judge(index, descriptor, expected, default, _thresholds).Verdict;

    static double Share(int[] places, Func<int, bool> isSo) => places.Average(place => isSo(place) ? 1.0 : 0);
}
