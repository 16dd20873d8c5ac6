using System.Text;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Recognition.Plan;

/// <summary>A store in a folder of its own, with a clock that a test moves, and a list of the changes that it told.</summary>
sealed class PlanInFolder : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public PlanInFolder() => Store = Open();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 8, 1, 6, 0, 0, TimeSpan.Zero));
    public List<string> Known { get; } = ["milk"];
    public List<PlanChange> Told { get; } = [];
    public ListLogger<PlanStore> Log { get; } = new();
    public PlanStore Store { get; private set; }
    public string Folder => _folder.File("state");

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Another process, or the same after a restart.</summary>
    public PlanStore Open()
    {
        PlanStore store = new(Folder, () => Known, Clock, Log);
        store.Changed += Told.Add;
        return store;
    }

    public void Restart() => Store = Open();

    public void Dispose() => _folder.Dispose();

    /// <summary>Slots in a row, each a tenth of the picture wide.</summary>
    public static SlotsDocument Slots(params string[] names) => SlotsDocument.Parse(Encoding.UTF8.GetBytes(
        $$"""{"schema":1,"slots":[{{string.Join(",", names.Select((name, i) => $$"""{"slot":"{{name}}","shelf":1,"x":0.{{i}},"y":0.1,"width":0.1,"height":0.3}"""))}}]}"""));

    /// <summary>A planogram that expects milk in these slots.</summary>
    public static PlanogramDocument Planogram(string version, params string[] slots) => new(
        new Planogram("bay-4", version, null, [], [.. slots.Select(slot => new Position(slot, 1, null, "milk", 1))]));

    public static NewReference Picture(int seed = 1, int width = 2000, int height = 1500) =>
        new(new byte[] { 0xFF, 0xD8, (byte)seed }, width, height, new DateTimeOffset(2026, 8, 1, 5, 0, 0, TimeSpan.Zero));
}
